// The tab 文件: choose or drop files, send them one by one, follow the build until the new snapshot serves.
(() => {
  "use strict";
  const { el } = window.jixiao;

  window.jixiao.files = (element, props, watch, changed, server) => {
    const root = element.querySelector(".jx-files");
    const input = root.querySelector("input[type=file]");
    const zone = root.querySelector(".jx-drop");
    const list = root.querySelector(".jx-sent");
    const report = root.querySelector(".jx-build");
    const bar = root.querySelector("progress");
    let timer = null;

    const send = async (file) => {
      const line = el("li", {}, `${file.name}：正在上传……`);
      list.prepend(line);
      try {
        const got = await fetch("kgdata/upload", { method: "POST", body: file, headers: { "X-Filename": encodeURIComponent(file.name), "Content-Type": "application/octet-stream" } });
        line.textContent = `${file.name}：${await got.text()}`;
        line.dataset.ok = got.ok ? "1" : "0";
      } catch { line.textContent = `${file.name}：没有传上去，请检查网络后重试。`; line.dataset.ok = "0"; }
    };
    const sendAll = async (files) => {
      for (const file of files) await send(file); // one by one: the report keeps the order
      input.value = "";
      follow();
    };
    const follow = async () => {
      clearTimeout(timer);
      let state;
      try { state = await server.state({}); } catch { timer = setTimeout(follow, 3000); return; }
      const running = state.stage === "running";
      root.dataset.stage = state.stage;
      bar.hidden = !running;
      bar.max = Math.max(state.total, 1);
      bar.value = state.done;
      report.replaceChildren(...state.lines.map((text) => el("p", {}, text)));
      if (running) { root.dataset.followed = "1"; timer = setTimeout(follow, 700); }
      else if (root.dataset.followed === "1") { root.dataset.followed = "0"; changed({ stage: state.stage }); }
    };
    input.addEventListener("change", () => sendAll([...input.files]));
    zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("over"); });
    zone.addEventListener("dragleave", () => zone.classList.remove("over"));
    zone.addEventListener("drop", (event) => { event.preventDefault(); zone.classList.remove("over"); sendAll([...event.dataTransfer.files]); });
    document.addEventListener("jixiao-building", follow);
    watch("value", follow);
    follow();
    root.dataset.ready = "1";
  };
})();
