// The tab 文件: choose or drop files, send them one by one, follow the build until the new snapshot serves.
(() => {
  "use strict";
  const { el } = window.jixiao;
  const WAIT = 2500; // milliseconds until the server takes the next of very many files
  const TURNS = 40;

  window.jixiao.files = (element, props, watch, changed, server) => {
    const root = element.querySelector(".jx-files");
    const input = root.querySelector("input[type=file]");
    const zone = root.querySelector(".jx-drop");
    const list = root.querySelector(".jx-sent");
    const report = root.querySelector(".jx-build");
    const bar = root.querySelector("progress");
    let timer = null;

    // One request; fetch() cannot tell how far it is.
    const post = (file, tell) => new Promise((done, fail) => {
      const call = new XMLHttpRequest();
      call.open("POST", "kgdata/upload");
      call.setRequestHeader("X-Filename", encodeURIComponent(file.name));
      call.setRequestHeader("Content-Type", "application/octet-stream");
      call.upload.addEventListener("progress", (event) => { if (event.lengthComputable && event.total) tell(Math.floor((100 * event.loaded) / event.total)); });
      call.addEventListener("load", () => done({ status: call.status, text: call.responseText }));
      call.addEventListener("error", () => fail(new Error("network")));
      call.send(file);
    });
    const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
    const send = async (file, line) => {
      const say = (text, ok) => { line.textContent = `${file.name}：${text}`; if (ok !== undefined) line.dataset.ok = ok ? "1" : "0"; };
      try {
        for (let turn = 0; ; turn += 1) {
          say("正在上传……");
          const got = await post(file, (percent) => say(`正在上传 ${percent}%`));
          if (got.status === 401) { window.location.reload(); return; }
          if (got.status !== 429 || turn >= TURNS) { say(got.text, got.status >= 200 && got.status < 300); return; }
          say("文件较多，稍等片刻再传……");
          await pause(WAIT);
        }
      } catch { say("没有传上去，请检查网络后重试。", false); }
    };
    const sendAll = async (files) => {
      const lines = files.map((file) => el("li", {}, `${file.name}：等待上传`));
      list.prepend(...lines);
      input.value = "";
      for (let at = 0; at < files.length; at += 1) { await send(files[at], lines[at]); if (at === 0) follow(); } // one by one: the report keeps the order
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
