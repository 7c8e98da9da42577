// Around the graph: search, filters that double as legend, path, exports, the details beside it and the tables below.
(() => {
  "use strict";
  const jixiao = window.jixiao;
  const { el, notify } = jixiao;

  jixiao.networkSide = (net, side, thing, html, send) => {
    const body = el("div", { class: "jx-panel-body" });
    body.innerHTML = html; // made by ui/markup.py, everything of documents escaped there
    const id = thing.id();
    const button = (text, act, extra = {}) => el("button", { type: "button", class: "jx-button", onclick: act, ...extra }, text);
    const bar = el("div", { class: "jx-net-acts" });
    if (thing.isNode()) {
      const pin = button(thing.hasClass("pinned") ? "取消固定" : "固定", () => { pin.textContent = net.pin(id) ? "取消固定" : "固定"; });
      const end = (at, name) => button(name, () => { net.ends[at] = id; net.tell(net.ends.every(Boolean) ? "" : `已选为${at ? "终点" : "起点"}，请再选${at ? "起点" : "终点"}。`); net.route(); });
      bar.append(
        button("展开", () => net.expand(id)), button("收起", () => net.collapse(id)), pin,
        button("隐藏", () => net.hide(id)), button("以此为中心", () => net.open(id)),
        end(0, "路径起点"), end(1, "路径终点"), button("打开详情页", () => { jixiao.openTab("详情"); send("entity", { id }); }, { class: "jx-button jx-strong" }));
    }
    side.replaceChildren(bar, body);
    side.scrollTop = 0;
    side.dataset.id = id;
    body.addEventListener("click", async (event) => {
      const target = event.target.closest("[data-act]");
      if (!target) return;
      event.preventDefault();
      if (target.dataset.act === "context") {
        const stretch = target.closest(".jx-source").querySelector(".jx-stretch");
        stretch.innerHTML = await net.server.context({ document: target.dataset.document, start: +target.dataset.start, end: +target.dataset.end, wide: true });
        target.remove();
      } else if (target.dataset.act === "deny") jixiao.twice(target, net.server);
      else if (target.dataset.act === "entity") { if (!net.locate(target.dataset.id)) { jixiao.openTab("详情"); send("entity", { id: target.dataset.id }); } }
    });
  };

  jixiao.networkTools = (net, send) => {
    const { cy, root, server } = net;
    const bar = root.querySelector(".jx-net-bar");

    // search with locate
    const list = el("ul", { class: "jx-net-found", role: "listbox", hidden: true });
    const box = el("input", { type: "search", placeholder: "查找项目、文号、单位", "aria-label": "查找节点", autocomplete: "off" });
    let timer = null;
    const choose = (id) => { list.hidden = true; if (!net.locate(id)) net.open(id); };
    const look = async () => {
      const text = box.value.trim();
      if (!text) { list.hidden = true; return; }
      let found = [];
      try { found = await server.find({ text }); } catch { notify("服务器没有回应，请稍后再试。"); }
      if (box.value.trim() !== text) return;
      list.replaceChildren(...(found.length ? found.map((f) => el("li", {}, el("button", { type: "button", onclick: () => choose(f.id) },
        el("b", {}, f.kindName), f.label, el("small", {}, cy.getElementById(f.id).length ? "图中" : "打开")))) : [el("li", { class: "jx-quiet" }, "没有找到，请换个说法。")]));
      list.hidden = false;
    };
    box.addEventListener("input", (event) => { if (event.isComposing) return; clearTimeout(timer); timer = setTimeout(look, 180); });
    box.addEventListener("compositionend", () => { clearTimeout(timer); timer = setTimeout(look, 180); });
    box.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const first = list.querySelector("button");
      if (event.key === "Enter" && first && !list.hidden) { event.preventDefault(); first.click(); }
      if (event.key === "ArrowDown" && first) { event.preventDefault(); first.focus(); }
      if (event.key === "Escape") list.hidden = true;
    });
    document.addEventListener("click", (event) => { if (!list.contains(event.target) && event.target !== box) list.hidden = true; });

    const menu = (name, ...children) => {
      const made = el("details", { class: "jx-menu" }, el("summary", { class: "jx-button" }, name), el("div", { class: "jx-menu-body" }, ...children));
      document.addEventListener("click", (event) => { if (!made.contains(event.target)) made.open = false; });
      made.addEventListener("keydown", (event) => { if (event.key === "Escape") made.open = false; });
      return made;
    };
    const button = (text, act, attributes = {}) => el("button", { type: "button", class: "jx-button", onclick: act, ...attributes }, text);

    // filters
    const relations = el("div", { class: "jx-checks" });
    const years = el("div", { class: "jx-checks" });
    const check = (set, key, name) => {
      const input = el("input", { type: "checkbox", onchange: () => { if (input.checked) set.delete(key); else set.add(key); net.refresh(); } });
      input.checked = !set.has(key);
      return el("label", {}, input, name);
    };
    const exportMenu = menu("导出", ...[
      ["图片（PNG）", () => jixiao.exportPng(net)], ["矢量图（SVG）", () => jixiao.exportSvg(net)],
      ["网页（可离线打开）", () => jixiao.exportPage(net)],
    ].map(([name, act]) => button(name, async () => { exportMenu.open = false; try { await act(); } catch { notify("没有导出成功，请缩小图谱后再试。"); } })));

    net.clearing = button("清除路径", () => net.clearPath(), { hidden: true });
    bar.append(
      el("div", { class: "jx-net-search" }, box, list),
      menu("筛选", el("h4", {}, "关系"), relations, el("h4", {}, "项目年度"), years),
      button("适应窗口", () => net.fit(true)), button("重新排列", async () => {
        const command = await server.arrange({ nodes: cy.nodes().filter(jixiao.isShown).map((n) => n.id()), edges: cy.edges().filter(jixiao.isShown).map((e) => [e.source().id(), e.target().id()]) });
        cy.stop();
        cy.batch(() => Object.entries(command).forEach(([id, [x, y]]) => { const n = cy.getElementById(id); if (!n.locked()) n.position({ x, y }); }));
        net.fit(true);
      }),
      button("全部显示", () => net.showAll()), net.clearing,
      button("全图", async () => { const command = await server.everything({}); if (command) net.apply(command); }, { title: "画出全部项目、政策文件与单位" }),
      exportMenu);

    const drawFilters = () => {
      const kinds = new Map(cy.edges().map((e) => [e.data("kind"), e.data("kindName")]));
      relations.replaceChildren(...[...kinds].map(([kind, name]) => check(net.off.relations, kind, name)), ...(kinds.size ? [] : ["（无）"]));
      const found = [...new Set(cy.nodes('[kind="Project"]').map((n) => n.data("year")).filter(Boolean))].sort();
      years.replaceChildren(...found.map((year) => check(net.off.years, String(year), `${year} 年`)), ...(found.length ? [] : ["（无）"]));
    };

    // the same content as tables
    const tables = root.querySelector(".jx-net-tables");
    const nodeTable = el("div", {}, el("div", { class: "jx-table" }));
    const edgeTable = el("div", {}, el("div", { class: "jx-table" }));
    tables.append(el("h4", {}, "节点"), nodeTable, el("h4", {}, "关系"), edgeTable);
    const hook = (holder, pick) => {
      const state = { value: null };
      let redraw = () => {};
      jixiao.table(holder, state, (_, callback) => { redraw = callback; }, pick);
      return (value) => { state.value = value; redraw(); };
    };
    const setNodes = hook(nodeTable, ({ key }) => net.locate(key));
    const setEdges = hook(edgeTable, ({ key }) => { const edge = cy.getElementById(key); if (edge.length) { cy.center(edge); net.select(edge); } });
    const cell = (text, order = "") => ({ text: text === null || text === undefined ? "" : String(text), order, hint: "" });
    const drawTables = () => {
      if (!root.querySelector(".jx-net-list").open) return;
      const nodes = cy.nodes().filter(jixiao.isShown);
      setNodes({ caption: "图中的节点", always: true, columns: [{ label: "类别" }, { label: "名称", wide: true }, { label: "年度", numeric: true }, { label: "文号" }, { label: "关系数", numeric: true }],
        rows: nodes.map((n) => ({ key: n.id(), cells: [cell(n.data("kindName")), cell(n.data("full")), cell(n.data("year"), n.data("year") ? String(n.data("year")) : ""), cell(n.data("number")), cell(n.data("degree"), String(n.data("degree")))] })) });
      setEdges({ caption: "图中的关系", always: true, columns: [{ label: "起点", wide: true }, { label: "关系" }, { label: "终点", wide: true }, { label: "备注" }],
        rows: cy.edges().filter(jixiao.isShown).map((e) => ({ key: e.id(), cells: [cell(e.source().data("full")), cell(e.data("kindName")), cell(e.target().data("full")), cell(e.data("typo") ? "疑似笔误" : "")] })) });
    };
    root.querySelector(".jx-net-list").addEventListener("toggle", drawTables);
    net.onRefresh = () => { drawFilters(); drawTables(); net.clearing.hidden = !cy.elements(".path").length; };
  };

  // legend: press to hide or show a kind
  jixiao.networkLegend = (net) => {
    const counts = {};
    net.cy.nodes().forEach((n) => { counts[n.data("kind")] = (counts[n.data("kind")] || 0) + 1; });
    net.root.querySelector(".jx-net-legend").replaceChildren(...Object.entries(jixiao.KINDS).filter(([kind]) => counts[kind]).map(([kind, look]) => {
      const on = !net.off.kinds.has(kind);
      const press = () => { if (on) net.off.kinds.add(kind); else net.off.kinds.delete(kind); net.refresh(); };
      return el("button", { type: "button", "aria-pressed": String(on), title: on ? "点击隐藏这一类" : "点击显示这一类", onclick: press },
        jixiao.shapeIcon(look), `${look.name} ${counts[kind].toLocaleString("zh-CN")}`);
    }));
  };
})();
