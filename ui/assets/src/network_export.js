// Pictures and files of the graph as it is shown: PNG, SVG (written by hand), a page that opens offline.
(() => {
  "use strict";
  const jixiao = window.jixiao;
  const NS = "http://www.w3.org/2000/svg";
  const base = new URL(".", document.currentScript.src).href;
  const stamp = () => new Date().toISOString().slice(0, 10).replaceAll("-", "");

  const make = (name, values, text) => {
    const made = document.createElementNS(NS, name);
    for (const [key, value] of Object.entries(values)) made.setAttribute(key, String(value));
    if (text !== undefined) made.textContent = text;
    return made;
  };
  const wrap = (label, width = 11) => {
    const lines = [];
    for (let rest = [...label]; rest.length; rest = rest.slice(width)) lines.push(rest.slice(0, width).join(""));
    return lines.slice(0, 4);
  };

  jixiao.drawSvg = (net) => {
    const { cy } = net;
    const shown = cy.elements().filter(jixiao.isShown);
    const places = shown.nodes().map((node) => node.position());
    const [xs, ys] = [places.map((p) => p.x), places.map((p) => p.y)];
    const [x0, y0] = [Math.min(...xs) - 90, Math.min(...ys) - 40]; // room for names, whatever of them is on the screen
    const [w, h] = [Math.max(...xs) + 90 - x0, Math.max(...ys) + 90 - y0];
    const svg = make("svg", { xmlns: NS, viewBox: `${x0.toFixed(1)} ${y0.toFixed(1)} ${w.toFixed(1)} ${h.toFixed(1)}`, width: Math.round(w), height: Math.round(h), "font-family": "Noto Sans CJK SC, Microsoft YaHei, sans-serif" });
    svg.append(make("title", {}, "绩效图谱"), make("rect", { x: x0, y: y0, width: w, height: h, fill: "#ffffff" }));
    const DASH = { dashed: "7 4", dotted: "2 3" };
    shown.edges().forEach((edge) => {
      const [a, b] = [edge.sourceEndpoint(), edge.targetEndpoint()];
      const color = edge.style("line-color");
      const line = make("line", { x1: a.x.toFixed(1), y1: a.y.toFixed(1), x2: b.x.toFixed(1), y2: b.y.toFixed(1), stroke: color, "stroke-width": parseFloat(edge.style("width")) });
      if (DASH[edge.style("line-style")]) line.setAttribute("stroke-dasharray", DASH[edge.style("line-style")]);
      svg.append(line);
      const angle = Math.atan2(b.y - a.y, b.x - a.x);
      if (edge.data("kind") !== "same_programme")
        svg.append(make("polygon", { fill: color, points: [[0, 0], [-9, -4], [-9, 4]].map(([px, py]) => `${(b.x + px * Math.cos(angle) - py * Math.sin(angle)).toFixed(1)},${(b.y + px * Math.sin(angle) + py * Math.cos(angle)).toFixed(1)}`).join(" ") }));
      if (edge.hasClass("named")) svg.append(make("text", { x: ((a.x + b.x) / 2).toFixed(1), y: ((a.y + b.y) / 2).toFixed(1), "font-size": 10, "text-anchor": "middle", fill: "#46505e", stroke: "#fff", "stroke-width": 3, "paint-order": "stroke" }, edge.data("kindName")));
    });
    shown.nodes().forEach((node) => {
      const { x, y } = node.position();
      const look = jixiao.KINDS[node.data("kind")] || { shape: "ellipse", color: "#5b6470", w: 26, h: 26 };
      const group = make("g", {});
      group.append(make("title", {}, node.data("full")), jixiao.svgShape(look.shape, x, y, look.w, look.h, look.color));
      wrap(node.data("label")).forEach((line, i) => group.append(make("text", { x: x.toFixed(1), y: (y + look.h / 2 + 15 + i * 14).toFixed(1), "font-size": 12, "text-anchor": "middle", fill: "#1f2733", stroke: "#fff", "stroke-width": 3, "paint-order": "stroke" }, line)));
      svg.append(group);
    });
    return new XMLSerializer().serializeToString(svg);
  };

  jixiao.exportSvg = (net) => jixiao.save(new Blob([jixiao.drawSvg(net)], { type: "image/svg+xml" }), `绩效图谱-${stamp()}.svg`);
  jixiao.exportPng = async (net) => {
    jixiao.placeLabels(net.cy, { zoom: 1 }); // the picture is larger than the screen: every name that has room
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))); // names are measured when drawn
    let blob;
    try { blob = await net.cy.png({ output: "blob-promise", full: true, bg: "#ffffff", scale: 2, maxWidth: 4000, maxHeight: 4000 }); }
    finally { net.labels.now(); }
    jixiao.save(blob, `绩效图谱-${stamp()}.png`);
  };

  // JSON that may stand inside a script element
  jixiao.scriptJson = (value) => JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

  jixiao.exportPage = async (net) => {
    const read = async (name) => { const got = await fetch(new URL(name, base)); if (!got.ok) throw new Error(name); return got.text(); };
    const [page, library, style, labels, viewer] = await Promise.all(["standalone.html", "../dist/cytoscape.min.js", "network_style.js", "network_labels.js", "standalone.js"].map(read));
    const { cy } = net;
    const plain = (thing) => Object.fromEntries(Object.entries(thing.data()).filter(([key]) => key !== "said" && key !== "size"));
    const data = {
      title: "绩效图谱", made: new Date().toLocaleDateString("zh-CN"), version: document.querySelector("[data-version]")?.dataset.version || "",
      nodes: cy.nodes().filter(jixiao.isShown).map((n) => ({ ...plain(n), x: Math.round(n.position("x")), y: Math.round(n.position("y")) })),
      edges: cy.edges().filter(jixiao.isShown).map(plain),
    };
    const parts = { DATA: jixiao.scriptJson(data), LIBRARY: library, STYLE: `${style}\n${labels}`, VIEWER: viewer };
    const text = page.replace(/\/\*(DATA|LIBRARY|STYLE|VIEWER)\*\//g, (_, key) => parts[key]);
    jixiao.save(new Blob([text], { type: "text/html" }), `绩效图谱-${stamp()}.html`);
  };
})();
