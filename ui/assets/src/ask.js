// The question box: Enter asks (not while pinyin is being composed), examples, recent questions.
(() => {
  "use strict";
  const { el } = window.jixiao;
  const KEY = "jixiao.recent";
  const KEEP = 12;

  const recent = () => {
    try {
      const list = JSON.parse(window.localStorage.getItem(KEY) || "[]");
      return Array.isArray(list) ? list.filter((q) => typeof q === "string").slice(0, KEEP) : [];
    } catch { return []; }
  };
  const remember = (question) => {
    try { window.localStorage.setItem(KEY, JSON.stringify([question, ...recent().filter((q) => q !== question)].slice(0, KEEP))); } catch { /* private window */ }
  };

  window.jixiao.ask = (element, props, watch, send) => {
    const root = element.querySelector(".jx-ask");
    const box = root.querySelector("textarea");
    const button = root.querySelector("button[type=submit]");
    const chips = root.querySelector(".jx-chips");
    const history = root.querySelector(".jx-recent");
    const follow = root.querySelector(".jx-follow");
    let waiting = null;
    let asked = "";

    const fit = () => { box.style.height = "auto"; box.style.height = `${Math.min(box.scrollHeight + 2, 140)}px`; };
    const busy = (on) => {
      clearTimeout(waiting);
      root.dataset.busy = on ? "1" : "0";
      button.textContent = on ? "查询中……" : "提问";
      if (on) waiting = setTimeout(() => busy(false), 60000);
    };
    const submit = (question, keep = false) => {
      const text = question.trim();
      if (!text) { window.jixiao.notify("请先写下问题。"); box.focus(); return; }
      if (root.dataset.busy === "1") return;
      box.value = text;
      fit();
      asked = text;
      busy(true);
      remember(text.slice(0, 500));
      drawRecent();
      send({ question: text, follow: keep || follow.checked });
    };
    const drawRecent = () => {
      const list = recent();
      history.replaceChildren(
        ...list.map((q) => el("button", { type: "button", title: q, onclick: () => submit(q) }, q.length > 34 ? `${q.slice(0, 33)}…` : q)),
        ...(list.length ? [el("button", { type: "button", class: "jx-clear", onclick: () => { window.localStorage.removeItem(KEY); drawRecent(); } }, "清空记录")] : []),
      );
      root.querySelector(".jx-recent-box").hidden = !list.length;
    };

    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      submit(box.value);
    });
    box.addEventListener("input", fit);
    root.addEventListener("submit", (event) => { event.preventDefault(); submit(box.value); });

    root.querySelector(".jx-more-examples").addEventListener("click", () => { root.dataset.examples = root.dataset.examples === "1" ? "0" : "1"; });

    const draw = (first = false) => {
      const value = props.value || {};
      chips.replaceChildren(...(value.examples || []).map(([label, question]) =>
        el("button", { type: "button", title: question, onclick: () => submit(question) }, el("b", {}, label), question)));
      if (typeof value.question === "string" && value.question !== "" && document.activeElement !== box) { box.value = value.question; fit(); }
      root.dataset.asked = value.question ? "1" : "0";
      root.dataset.examples = "0";
      if (!first && Array.isArray(value.chain)) { // at first the address is what Gradio has yet to ask the server for
        const fits = value.chain.every((q) => q.length <= 500);
        window.jixiao.address({ q: fits ? value.chain : [], plan: fits ? value.plan || [] : [] });
      }
      follow.closest("label").hidden = !value.canFollow;
      if (!value.canFollow) follow.checked = false;
      if (!("question" in value) || root.dataset.busy === "0" || value.question === asked) busy(false);
    };
    document.addEventListener("jixiao-refused", () => busy(false));
    watch("value", () => draw());
    draw(true);
    drawRecent();
    root.dataset.ready = "1";
    window.jixiao.submitQuestion = submit;
  };
})();
