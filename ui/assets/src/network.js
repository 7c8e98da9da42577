// The graph: drawn by cytoscape.js on canvas. Python sends commands (set, merge); positions come from the server.
(() => {
  "use strict";
  const jixiao = window.jixiao;
  const { el, notify } = jixiao;
  const NAMED_EDGES = 36; // up to here every edge carries its name
  const MANY = 500; // from here on drawing is simplified

  const asNode = (n, by, classes) => ({ group: "nodes", data: { ...n, by: by || "" }, position: { x: n.x, y: n.y }, classes });
  const asEdge = (e, classes) => ({ group: "edges", data: { ...e }, classes });
  const setClass = (thing, name, on) => { if (thing.hasClass(name) !== on) thing.toggleClass(name, on); }; // unchanged ones cost as much

  jixiao.network = (element, props, watch, send, server) => {
    const root = element.querySelector(".jx-net");
    const compact = root.dataset.compact === "1";
    const holder = root.querySelector(".jx-net-canvas");
    const side = root.querySelector(".jx-net-side");
    const status = root.querySelector(".jx-net-status");
    const note = root.querySelector(".jx-net-note");
    const cy = window.cytoscape({
      container: holder, elements: [], style: jixiao.networkStyle(), layout: { name: "preset" },
      minZoom: 0.04, maxZoom: 3, boxSelectionEnabled: false, textureOnViewport: false, hideEdgesOnViewport: false,
    });
    const labels = jixiao.keepLabels(cy);
    const net = { cy, root, server, labels, total: 0, off: { kinds: new Set(), relations: new Set(), years: new Set() }, ends: [null, null] };
    const tell = (text) => { note.textContent = text || ""; note.hidden = !text; };

    const quietly = async (call) => {
      root.dataset.busy = "1";
      try { return await call(); }
      catch { notify("服务器没有回应，请稍后再试；若仍不行，请刷新页面。"); return null; }
      finally { root.dataset.busy = "0"; }
    };

    // what is shown, counted and said
    net.refresh = ({ naming = true } = {}) => {
      const nodes = cy.nodes();
      const { kinds, relations, years } = net.off;
      cy.batch(() => {
        nodes.forEach((n) => setClass(n, "off", kinds.has(n.data("kind")) || (n.data("kind") === "Project" && years.has(String(n.data("year"))))));
        cy.edges().forEach((e) => setClass(e, "off", relations.has(e.data("kind"))));
        if (years.size || relations.size || kinds.size) {
          // what is left hanging alone because of a filter goes too
          nodes.not(".off").forEach((n) => {
            const edges = n.connectedEdges();
            if (edges.length && !n.hasClass("focus") && edges.every((e) => e.hasClass("off") || e.source().hasClass("off") || e.target().hasClass("off"))) n.addClass("off");
          });
        }
        const few = cy.edges().length <= NAMED_EDGES;
        cy.edges().forEach((e) => setClass(e, "named", few));
      });
      const shown = nodes.filter(jixiao.isShown).length;
      const edges = cy.edges().filter(jixiao.isShown).length;
      const figure = (count) => count.toLocaleString("zh-CN");
      status.textContent = `显示 ${figure(shown)} / 共 ${figure(net.total)} 个节点，${figure(edges)} 条关系`;
      Object.assign(root.dataset, { nodes: String(nodes.length), edges: String(cy.edges().length), shown: String(shown) });
      jixiao.networkLegend(net);
      if (naming) labels.now();
      if (net.onRefresh) net.onRefresh();
    };
    net.fit = (animated) => {
      cy.stop();
      cy.resize();
      const things = cy.elements().filter(jixiao.isShown);
      if (!things.length) return;
      const view = jixiao.viewOf(cy, things.nodes());
      if (animated && things.length < 400) cy.animate({ ...view, duration: 250 });
      else cy.viewport(view);
      labels.now();
    };

    net.apply = (command, by) => {
      if (!command || !command.op) return;
      cy.stop();
      if (command.op === "set") {
        cy.elements().remove();
        net.ends = [null, null];
        if (side) side.replaceChildren(el("p", { class: "jx-quiet" }, "点击节点查看内容并展开它的关系；点击连线查看原文证据。"));
      }
      const known = new Set(cy.elements().map((x) => x.id()));
      cy.batch(() => {
        const many = cy.nodes().length + command.nodes.length >= MANY;
        const classes = many ? "many" : "";
        cy.add(command.nodes.filter((n) => !known.has(n.id)).map((n) => asNode(n, by, classes)));
        const there = new Set(cy.nodes().map((n) => n.id()));
        cy.add(command.edges.filter((e) => !known.has(e.id) && there.has(e.source) && there.has(e.target)).map((e) => asEdge(e, classes)));
        if (command.op === "set" || (command.focus || []).length) cy.nodes().removeClass("focus");
        cy.elements().forEach((thing) => setClass(thing, "many", many));
        Object.assign(cy.renderer(), { textureOnViewport: many, hideEdgesOnViewport: many });
        (command.focus || []).forEach((id) => cy.getElementById(id).addClass("focus"));
      });
      net.total = command.total || net.total;
      tell([command.note, command.leftOut ? `另有 ${command.leftOut} 个相邻节点未画出${by ? "，再点一次继续展开" : ""}。` : ""].filter(Boolean).join(" "));
      net.refresh({ naming: false }); // fit names what it shows
      if (command.op === "set") net.fit(false);
      else { cy.resize(); if (cy.elements().filter(jixiao.isShown).length) net.fit(true); }
      root.dataset.ready = "1";
    };

    // nodes
    net.taken = () => Object.fromEntries(cy.nodes().map((n) => [n.id(), [Math.round(n.position("x")), Math.round(n.position("y"))]]));
    net.expand = async (id) => {
      const command = await quietly(() => server.expand({ id, taken: net.taken() }));
      if (!command) return;
      const before = cy.nodes().length;
      net.apply(command, id);
      const added = cy.nodes().length - before;
      cy.getElementById(id).data("expanded", !command.leftOut);
      notify(added ? `展开了 ${added} 个相邻节点。` : "没有更多相邻节点。");
    };
    net.collapse = (id) => {
      const doomed = cy.collection();
      const gather = (of) => cy.nodes().filter((n) => n.data("by") === of && !n.hasClass("pinned")).forEach((n) => { if (!doomed.contains(n)) { doomed.merge(n); gather(n.id()); } });
      gather(id);
      let gone = doomed;
      if (!gone.length) // nothing was opened from here: fold in the neighbours that hang on this node alone
        gone = cy.getElementById(id).neighborhood("node").filter((n) => !n.hasClass("pinned") && !n.hasClass("focus") && n.neighborhood("node").length === 1);
      gone.remove();
      cy.getElementById(id).data("expanded", false);
      notify(gone.length ? `收起了 ${gone.length} 个节点。` : "没有可收起的节点。");
      net.refresh();
    };
    net.hide = (id) => { cy.getElementById(id).addClass("hid"); net.refresh(); };
    net.showAll = () => { cy.elements().removeClass("hid"); Object.values(net.off).forEach((set) => set.clear()); net.refresh(); net.fit(true); };
    net.pin = (id) => {
      const node = cy.getElementById(id);
      const on = !node.hasClass("pinned");
      node.toggleClass("pinned", on);
      if (on) node.lock(); else node.unlock();
      return on;
    };
    net.near = (thing) => {
      cy.elements().removeClass("near");
      if (thing && thing.isNode()) thing.connectedEdges().addClass("near");
      labels.soon();
    };
    // a name that found no room stands while the pointer is over its node
    net.front = (node, on) => {
      node.toggleClass("front", on);
      if (on && !node.data("said")) node.data("said", node.data("label").replace(/(.{12})(?=.)/gu, "$1\n"));
      if (!on) labels.soon();
    };
    net.select = async (thing, { grow = false } = {}) => {
      cy.elements().unselect();
      thing.select();
      net.near(thing);
      const data = thing.data();
      send(thing.isNode() ? "node" : "edge", { id: data.id });
      if (side) {
        const html = await quietly(() => (thing.isNode() ? server.describe({ id: data.id }) : server.explain({ id: data.id })));
        if (html !== null && thing.selected()) jixiao.networkSide(net, side, thing, html, send);
      }
      if (grow && thing.isNode() && !data.expanded) await net.expand(data.id);
    };
    net.locate = (id) => {
      const node = cy.getElementById(id);
      if (!node.length) return false;
      node.removeClass("hid off");
      cy.stop();
      cy.animate({ center: { eles: node }, zoom: Math.max(cy.zoom(), 1), duration: 250 });
      net.select(node);
      return true;
    };
    net.open = async (id) => { const command = await quietly(() => server.open({ id })); if (command) net.apply(command); };
    net.route = async () => {
      const [from, to] = net.ends;
      if (!from || !to) return;
      const found = await quietly(() => server.route({ from, to, taken: net.taken() }));
      if (!found) return;
      cy.elements().removeClass("path faint");
      if (!found.command) { tell(found.text); return; }
      net.apply({ ...found.command, leftOut: 0 }, "");
      const ids = new Set(found.ids);
      cy.elements().forEach((x) => x.addClass(ids.has(x.id()) ? "path" : "faint"));
      net.refresh();
      tell(found.text);
    };
    net.tell = tell;
    net.clearPath = () => { net.ends = [null, null]; cy.elements().removeClass("path faint"); tell(""); net.refresh(); };

    cy.on("tap", "node", (event) => net.select(event.target, { grow: true }));
    cy.on("tap", "edge", (event) => net.select(event.target));
    cy.on("tap", (event) => { if (event.target === cy) { cy.elements().unselect(); net.near(null); cy.elements().removeClass("faint"); } });
    cy.on("mouseover", "node", (event) => { net.front(event.target, true); event.target.connectedEdges().addClass("near"); holder.title = event.target.data("full"); holder.style.cursor = "pointer"; });
    cy.on("mouseout", "node", (event) => { net.front(event.target, false); net.near(cy.nodes(":selected").first()); holder.title = ""; holder.style.cursor = ""; });
    cy.on("mouseover", "edge", (event) => { event.target.addClass("near"); holder.style.cursor = "pointer"; });
    cy.on("mouseout", "edge", () => { net.near(cy.nodes(":selected").first()); holder.style.cursor = ""; });

    // keyboard: arrows walk from node to node
    holder.addEventListener("keydown", (event) => {
      const current = cy.nodes(":selected").first();
      const steps = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
      if (steps[event.key]) {
        event.preventDefault();
        const [dx, dy] = steps[event.key];
        const here = current.length ? current.position() : { x: (cy.extent().x1 + cy.extent().x2) / 2, y: (cy.extent().y1 + cy.extent().y2) / 2 };
        const best = cy.nodes().filter((n) => jixiao.isShown(n) && !n.same(current)).map((n) => {
          const [x, y] = [n.position("x") - here.x, n.position("y") - here.y];
          const along = x * dx + y * dy;
          return { n, cost: !current.length ? Math.hypot(x, y) : along > 1 ? Math.hypot(x, y) + 1.5 * Math.abs(x * dy - y * dx) : Infinity };
        }).sort((a, b) => a.cost - b.cost)[0];
        if (best && best.cost < Infinity) { net.select(best.n); cy.stop(); cy.animate({ center: { eles: best.n }, duration: 150 }); }
      } else if (event.key === "Enter" && current.length) { event.preventDefault(); net.select(current, { grow: true }); }
      else if (event.key === "Delete" && current.length) net.hide(current.id());
      else if ((event.key === "p" || event.key === "P") && current.length) notify(net.pin(current.id()) ? "已固定。" : "已取消固定。");
      else if (event.key === "+" || event.key === "=") cy.zoom({ level: cy.zoom() * 1.25, renderedPosition: { x: holder.clientWidth / 2, y: holder.clientHeight / 2 } });
      else if (event.key === "-") cy.zoom({ level: cy.zoom() / 1.25, renderedPosition: { x: holder.clientWidth / 2, y: holder.clientHeight / 2 } });
      else if (event.key === "0") net.fit(true);
    });

    // a canvas in a hidden tab has no size; fit when it gets one
    let seen = false;
    new ResizeObserver(() => {
      if (!holder.clientWidth || !holder.clientHeight) { seen = false; return; }
      cy.resize();
      if (!seen) { seen = true; net.fit(false); }
    }).observe(holder);

    if (jixiao.networkTools && !compact) jixiao.networkTools(net, send);
    watch("value", () => net.apply(props.value));
    if (props.value) net.apply(props.value); else net.refresh();
    root.jixiaoNet = net;
  };
})();
