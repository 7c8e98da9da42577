// A table that sorts by value, finds, copies, fills the screen, and says which row was chosen.
(() => {
  "use strict";
  const { el, copy, notify } = window.jixiao;
  const STEP = 200; // rows drawn at once

  window.jixiao.table = (element, props, watch, pick) => {
    const root = element.querySelector(".jx-table");
    let data = { columns: [], rows: [] };
    let order = { column: -1, down: false };
    let needle = "";
    let shown = STEP;
    let chosen = null;

    const find = el("input", { type: "search", placeholder: "在表中查找", "aria-label": "在表中查找", oninput: () => { needle = find.value.trim().toLowerCase(); shown = STEP; drawRows(); } });
    const count = el("span", { class: "jx-count", role: "status" });
    const link = el("a", { class: "jx-button", download: "", hidden: true }, "下载表格");
    const copying = el("button", { type: "button", class: "jx-button", onclick: async () => {
      const lines = [data.columns.map((c) => c.label), ...visible().map((row) => row.cells.map((cell) => cell.text.replace(/[\t\r\n]+/g, " ")))];
      notify((await copy(lines.map((line) => line.join("\t")).join("\n"))) ? "表格已复制，可直接粘贴到 Excel 或 WPS。" : "没有复制成功。");
    } }, "复制");
    const filling = el("button", { type: "button", class: "jx-button", "aria-pressed": "false", onclick: () => fill(!root.classList.contains("jx-full")) }, "全屏");
    const caption = el("caption", {});
    const head = el("thead");
    const body = el("tbody");
    const more = el("button", { type: "button", class: "jx-button jx-more", hidden: true, onclick: () => { shown += STEP; drawRows(); } });
    const bar = el("div", { class: "jx-table-bar" }, find, count, el("span", { class: "jx-space" }), link, copying, filling);
    const note = el("p", { class: "jx-note", hidden: true });
    root.append(bar, note, el("div", { class: "jx-table-scroll" }, el("table", {}, caption, head, body), more));

    const fill = (on) => {
      root.classList.toggle("jx-full", on);
      filling.setAttribute("aria-pressed", String(on));
      filling.textContent = on ? "退出全屏" : "全屏";
      document.body.classList.toggle("jx-still", on);
    };
    root.addEventListener("keydown", (event) => { if (event.key === "Escape" && root.classList.contains("jx-full")) fill(false); });

    const compare = (a, b) => {
      const [x, y] = [a.cells[order.column], b.cells[order.column]];
      if (x.order !== "" && y.order !== "") return Number(x.order) - Number(y.order);
      if (x.order !== "" || y.order !== "") return x.order !== "" ? -1 : 1;
      return x.text.localeCompare(y.text, "zh-CN");
    };
    const visible = () => {
      const rows = data.rows.filter((row) => !needle || row.cells.some((cell) => cell.text.toLowerCase().includes(needle)));
      if (order.column >= 0) rows.sort((a, b) => (order.down ? -compare(a, b) : compare(a, b)));
      return rows;
    };
    const choose = (row, line) => {
      chosen = row.key;
      body.querySelectorAll("tr[aria-selected=true]").forEach((other) => other.setAttribute("aria-selected", "false"));
      line.setAttribute("aria-selected", "true");
      if (data.picks !== false) pick({ key: row.key });
    };
    const drawRows = () => {
      const rows = visible();
      body.replaceChildren(...rows.slice(0, shown).map((row) => {
        const line = el("tr", { tabindex: data.picks === false ? null : "0", "aria-selected": String(row.key === chosen && row.key !== "") },
          ...row.cells.map((cell, i) => el("td", { class: data.columns[i].numeric ? "jx-num" : data.columns[i].wide ? "jx-wide" : null, title: cell.hint || null }, cell.text)));
        if (data.picks !== false) {
          line.addEventListener("click", () => { if (!String(window.getSelection())) choose(row, line); });
          line.addEventListener("keydown", (event) => {
            if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(row, line); }
            if (event.key === "ArrowDown" && line.nextElementSibling) { event.preventDefault(); line.nextElementSibling.focus(); }
            if (event.key === "ArrowUp" && line.previousElementSibling) { event.preventDefault(); line.previousElementSibling.focus(); }
          });
        }
        return line;
      }));
      const rest = rows.length - shown;
      more.hidden = rest <= 0;
      more.textContent = `再显示 ${Math.min(rest, STEP)} 行（还有 ${rest} 行）`;
      const figure = (number) => number.toLocaleString("zh-CN");
      count.textContent = needle ? `${figure(rows.length)} / ${figure(data.rows.length)} 行` : `${figure(data.rows.length)} 行`;
      root.dataset.rows = String(data.rows.length);
      root.dataset.shown = String(Math.min(rows.length, shown));
    };
    const drawHead = () => {
      head.replaceChildren(el("tr", {}, ...data.columns.map((column, i) => {
        const sorted = order.column === i;
        const sort = () => { order = { column: i, down: sorted ? !order.down : false }; drawHead(); drawRows(); };
        return el("th", { scope: "col", class: column.numeric ? "jx-num" : null, "aria-sort": sorted ? (order.down ? "descending" : "ascending") : "none" },
          el("button", { type: "button", title: "点击排序", onclick: sort }, column.label, el("i", { "aria-hidden": "true" }, sorted ? (order.down ? " ▼" : " ▲") : "")));
      })));
    };
    const draw = () => {
      data = props.value && props.value.rows ? props.value : { columns: [], rows: [] };
      order = { column: -1, down: false };
      needle = find.value = "";
      shown = STEP;
      chosen = data.chosen || null;
      caption.textContent = data.caption || "";
      note.textContent = data.note || "";
      note.hidden = !data.note;
      link.hidden = !data.download;
      if (data.download) link.setAttribute("href", data.download);
      root.hidden = !data.rows.length && !data.always;
      root.dataset.picks = data.picks === false ? "0" : "1";
      drawHead();
      drawRows();
    };
    watch("value", draw);
    draw();
    root.dataset.ready = "1";
  };
})();
