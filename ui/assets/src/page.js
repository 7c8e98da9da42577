// The page itself: language, the few English words that Gradio hard-codes, small tools shared by the components.
(() => {
  "use strict";
  const jixiao = (window.jixiao = window.jixiao || {});

  document.documentElement.lang = "zh-CN";

  // Toast titles, connection notices and the state of waiting are fixed English in Gradio 6.
  const WORDS = {
    Error: "出错了", Warning: "注意", Info: "提示", Success: "完成",
    "Connection lost": "连接已断开", "Connection errored out.": "连接已断开，请刷新页面。",
    "Connection re-established": "连接已恢复", "Could not parse server response": "服务器的回应无法读取",
    "Filter...": "筛选……", "Search...": "查找……", "Loading...": "正在载入……",
  };
  const chinese = (text) => WORDS[text] || text.replace(/^queue: (\d+)\/(\d*) \|$/, "排队第$1位 |").replace(/^processing \|$/, "处理中 |");
  const say = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const text = node.data.trim(), word = chinese(text);
      if (word !== text) node.data = word;
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
      if (change.type === "characterData") say(change.target);
    }
  });
  watcher.observe(document.documentElement, { childList: true, characterData: true, subtree: true, attributes: true, attributeFilter: ["lang"] });

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

  // Refusals and a server that is gone are said in Chinese, whichever part of the page asked.
  const fetching = window.fetch.bind(window);
  window.fetch = async (...call) => {
    let got;
    try { got = await fetching(...call); } catch (err) {
      if (err && err.name !== "AbortError") { jixiao.notify("服务器没有回应，请稍后再试；若仍不行，请刷新页面。"); document.dispatchEvent(new Event("jixiao-refused")); }
      throw err;
    }
    if (got.status === 429 || got.status === 413 || got.status === 503) {
      jixiao.notify((await got.clone().text()).slice(0, 120));
      document.dispatchEvent(new Event("jixiao-refused"));
    } else if (got.status === 401) window.location.reload();
    return got;
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

  // Bring the marked proof of each stretch into view.
  const settle = (root) => root.querySelectorAll(".jx-stretch").forEach((stretch) => {
    const mark = stretch.querySelector("mark.jx-core") || stretch.querySelector("mark");
    if (mark) stretch.scrollTop = mark.getBoundingClientRect().top - stretch.getBoundingClientRect().top - 70;
  });

  // What changes the graph is asked twice: the button itself asks, no dialog.
  jixiao.twice = async (target, server) => {
    const { act, id, name } = target.dataset;
    if (target.dataset.sure !== "1") { target.dataset.sure = "1"; target.textContent = act === "deny" ? "再点一次，确认这条关系不成立" : "再点一次，确认移出"; return; }
    const said = await server[act]({ id: id || "", name: name || "" });
    target.replaceWith(Object.assign(jixiao.el("div"), { innerHTML: said })); // made by ui/markup.py
    document.dispatchEvent(new Event("jixiao-building"));
  };

  // What the tab 导出 asks for: the whole graph, the last answer (its questions stand in the address), or one entity.
  const exportAddress = (root, format) => {
    const here = new URL(window.location.href).searchParams;
    const scope = (root.querySelector("input[name=jx-scope]:checked") || {}).value || "all";
    const asked = new URLSearchParams();
    if (scope === "answer") for (const key of ["q", "plan"]) here.getAll(key).forEach((value) => asked.append(key, value));
    if (scope === "entity" && here.get("id")) { asked.append("id", here.get("id")); asked.append("hops", "1"); }
    if (scope !== "all" && !String(asked)) { jixiao.notify(scope === "answer" ? "请先在“问答”页提一个问题。" : "请先在“详情”页打开一项。"); return ""; }
    return `kgdata/export/${format}?${asked}`;
  };

  // One panel of server-made markup; links in it carry data-act.
  jixiao.panel = (element, props, watch, act, server) => {
    const root = element.querySelector(".jx-panel");
    let pressed = false;
    const draw = () => {
      const value = props.value || "";
      root.innerHTML = value; // made by ui/markup.py, everything of documents escaped there
      root.dataset.filled = value ? "1" : "0";
      root.scrollTop = 0;
      settle(root);
      root.removeAttribute("aria-busy");
      if (pressed) (root.querySelector(".jx-conditions summary, .jx-conditions button") || root.querySelector(".jx-conditions") || root).focus();
      pressed = false;
    };
    // A pressed condition: the keyboard stays among the conditions when the card is drawn anew.
    const press = (target, data) => {
      if (root.getAttribute("aria-busy")) return;
      const box = target.closest(".jx-change");
      if (data.do === "change") data.value = box.querySelector("input").value;
      pressed = true;
      root.setAttribute("aria-busy", "true");
      act(data);
    };
    root.addEventListener("keydown", (event) => {
      const box = event.target.closest(".jx-change");
      if (!box) return;
      if (event.key === "Enter" && event.target.matches("input") && !event.isComposing && event.keyCode !== 229) { event.preventDefault(); box.querySelector("button").click(); }
      if (event.key === "Escape") { box.open = false; box.querySelector("summary").focus(); }
    });
    root.addEventListener("toggle", (event) => {
      if (!event.target.matches(".jx-change") || !event.target.open) return;
      root.querySelectorAll(".jx-change[open]").forEach((other) => { if (other !== event.target) other.open = false; });
      const input = event.target.querySelector("input");
      input.focus();
      input.select();
    }, true);
    root.addEventListener("change", (event) => { // the tab 导出 says what the chosen scope stands for
      if (event.target.name !== "jx-scope") return;
      const here = new URL(window.location.href).searchParams;
      const question = here.getAll("q").pop();
      const said = {
        answer: question ? `问题：${question}` : "还没有回答：请先在“问答”页提一个问题。",
        entity: here.get("id") ? "“详情”页最近打开的一项，连同直接相关的各项。" : "还没有打开：请先在“详情”页选一项。",
      };
      root.querySelector(".jx-scope-said").textContent = said[event.target.value] || "";
    });
    document.addEventListener("jixiao-refused", () => { pressed = false; root.removeAttribute("aria-busy"); });
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
        settle(stretch.parentElement);
        return;
      }
      if (data.act === "proof" && server) {
        const section = target.closest("section") || root;
        const key = `${data.id} ${data.name || ""}`;
        let place = section.querySelector(":scope > .jx-proof");
        if (place && place.dataset.key === key) { place.remove(); return; } // pressed again: close
        if (!place) { place = jixiao.el("div", { class: "jx-proof", "aria-live": "polite" }); section.append(place); }
        place.dataset.key = key;
        place.innerHTML = await server.proof({ id: data.id, name: data.name || "" });
        settle(place);
        place.scrollIntoView({ block: "nearest" });
        return;
      }
      if ((data.act === "remove" || data.act === "deny") && server) { jixiao.twice(target, server); return; }
      if (data.act === "export") { const address = exportAddress(root, data.format); if (address) window.location.assign(address); return; }
      if (data.act === "copy") { jixiao.notify((await jixiao.copy(data.text)) ? "已复制。" : "没有复制成功，请手动选择文字。"); return; }
      if (data.act === "link") {
        const url = new URL(window.location.href);
        url.search = "";
        url.searchParams.set(data.key, data.value);
        jixiao.notify((await jixiao.copy(url.href)) ? "链接已复制，可以发给同事。" : "没有复制成功，请从地址栏复制。");
        return;
      }
      if (data.act === "chip") { press(target, data); return; }
      if (data.act === "ask") { jixiao.submitQuestion(data.question); return; }
      if (data.act === "print") { window.print(); return; }
      if (data.act === "entity") { jixiao.openTab("详情"); jixiao.address({ id: data.id }); window.scrollTo(0, 0); }
      else if (data.tab) jixiao.openTab(data.tab);
      act(data);
    });
    watch("value", draw);
    draw();
  };
})();
