// The page itself: language, the few English words that Gradio hard-codes, small tools shared by the components.
(() => {
  "use strict";
  const jixiao = (window.jixiao = window.jixiao || {});

  document.documentElement.lang = "zh-CN";

  // Toast titles and connection notices are fixed English in Gradio 6.
  const WORDS = {
    Error: "出错了", Warning: "注意", Info: "提示", Success: "完成",
    "Connection lost": "连接已断开", "Connection errored out.": "连接已断开，请刷新页面。",
    "Connection re-established": "连接已恢复", "Could not parse server response": "服务器的回应无法读取",
    "Filter...": "筛选……", "Search...": "查找……", "Loading...": "正在载入……",
  };
  const say = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const word = WORDS[node.data.trim()];
      if (word) node.data = word;
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      const word = WORDS[node.getAttribute("placeholder") || ""];
      if (word) node.setAttribute("placeholder", word);
      const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) say(walker.currentNode);
    }
  };
  const watcher = new MutationObserver((changes) => {
    if (document.documentElement.lang !== "zh-CN") document.documentElement.lang = "zh-CN";
    for (const change of changes) {
      if (change.target.closest && change.target.closest(".jx")) continue; // ours is Chinese already
      change.addedNodes.forEach(say);
    }
  });
  watcher.observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["lang"] });

  // el("td", {class: "x"}, "text", child): text is always set as text, never as markup.
  jixiao.el = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value === null || value === undefined || value === false) continue;
      if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
      else made.setAttribute(key, value === true ? "" : String(value));
    }
    made.append(...children.filter((child) => child !== null && child !== undefined).map((c) => (c instanceof Node ? c : String(c))));
    return made;
  };

  jixiao.save = (blob, name) => {
    const link = jixiao.el("a", { href: URL.createObjectURL(blob), download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  jixiao.copy = async (text) => {
    if (navigator.clipboard && window.isSecureContext) {
      try { await navigator.clipboard.writeText(text); return true; } catch { /* fall through */ }
    }
    const area = jixiao.el("textarea", { style: "position:fixed;opacity:0" });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  };

  let toast;
  jixiao.notify = (text) => {
    if (!toast) {
      toast = jixiao.el("div", { class: "jx jx-toast", role: "status", "aria-live": "polite" });
      document.body.append(toast);
    }
    toast.textContent = text;
    toast.classList.add("shown");
    clearTimeout(toast.timer);
    toast.timer = setTimeout(() => toast.classList.remove("shown"), 3200);
  };

  // Address bar: the page's own parameters, without a reload.
  jixiao.address = (values) => {
    const url = new URL(window.location.href);
    for (const [key, value] of Object.entries(values)) {
      url.searchParams.delete(key);
      for (const one of [value].flat()) if (one) url.searchParams.append(key, one);
    }
    if (url.href !== window.location.href) window.history.replaceState({}, "", url.href);
  };

  jixiao.openTab = (name) => {
    const button = [...document.querySelectorAll('button[role="tab"]')].find((b) => b.textContent.trim() === name);
    if (button && button.getAttribute("aria-selected") !== "true") button.click();
  };

  // One panel of server-made markup; links in it carry data-act.
  jixiao.panel = (element, props, watch, act, server) => {
    const root = element.querySelector(".jx-panel");
    const draw = () => {
      const value = props.value || "";
      root.innerHTML = value; // made by ui/markup.py, everything of documents escaped there
      root.dataset.filled = value ? "1" : "0";
      root.scrollTop = 0;
      root.querySelectorAll(".jx-stretch").forEach((stretch) => {
        const mark = stretch.querySelector("mark");
        if (mark) stretch.scrollTop = mark.getBoundingClientRect().top - stretch.getBoundingClientRect().top - 70;
      });
    };
    root.addEventListener("click", async (event) => {
      const target = event.target.closest("[data-act]");
      if (!target || !root.contains(target)) return;
      event.preventDefault();
      const data = { ...target.dataset };
      if (data.act === "context" && server) {
        const stretch = target.closest(".jx-source").querySelector(".jx-stretch");
        const wide = target.dataset.wide === "1";
        target.dataset.wide = wide ? "0" : "1";
        target.textContent = wide ? "展开上下文" : "收起上下文";
        stretch.innerHTML = await server.context({ document: data.document, start: +data.start, end: +data.end, wide: !wide });
        const mark = stretch.querySelector("mark");
        if (mark) stretch.scrollTop = mark.getBoundingClientRect().top - stretch.getBoundingClientRect().top - 70;
        return;
      }
      if (data.act === "copy") { jixiao.notify((await jixiao.copy(data.text)) ? "已复制。" : "没有复制成功，请手动选择文字。"); return; }
      if (data.act === "link") {
        const url = new URL(window.location.href);
        url.search = "";
        url.searchParams.set(data.key, data.value);
        jixiao.notify((await jixiao.copy(url.href)) ? "链接已复制，可以发给同事。" : "没有复制成功，请从地址栏复制。");
        return;
      }
      if (data.act === "ask") { jixiao.submitQuestion(data.question); return; }
      if (data.act === "print") { window.print(); return; }
      if (data.tab) jixiao.openTab(data.tab);
      act(data);
    });
    watch("value", draw);
    draw();
  };
})();
