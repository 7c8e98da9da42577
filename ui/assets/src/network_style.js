// How nodes and edges look, in the page and in the standalone file: shape and line tell kinds apart without colour.
(() => {
  "use strict";
  const jixiao = (window.jixiao = window.jixiao || {});

  jixiao.KINDS = {
    Project: { name: "项目", color: "#1d4f91", shape: "round-rectangle", w: 46, h: 30 },
    PolicyDocument: { name: "政策文件", color: "#a4262c", shape: "rectangle", w: 26, h: 34 },
    Unit: { name: "单位", color: "#256b4a", shape: "hexagon", w: 40, h: 34 },
    Indicator: { name: "绩效指标", color: "#8a6410", shape: "ellipse", w: 24, h: 24 },
    Task: { name: "子项目", color: "#5f4b8b", shape: "diamond", w: 30, h: 30 },
    SourceDocument: { name: "来源文件", color: "#5b6470", shape: "triangle", w: 32, h: 30 },
  };
  jixiao.LINES = {
    cites: { color: "#a4262c", style: "solid" },
    declares: { color: "#256b4a", style: "solid" },
    supervises: { color: "#256b4a", style: "dashed" },
    implements: { color: "#256b4a", style: "dotted" },
    same_programme: { color: "#1d4f91", style: "dashed" },
    renamed_to: { color: "#256b4a", style: "dashed" },
  };
  const FONT = '"Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC","WenQuanYi Micro Hei",sans-serif';

  // a small picture of a node's shape
  jixiao.shapeIcon = (look) => {
    const ns = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(ns, "svg");
    svg.setAttribute("viewBox", "0 0 20 16");
    svg.setAttribute("aria-hidden", "true");
    svg.append(jixiao.svgShape(look.shape, 10, 8, look.shape === "rectangle" ? 10 : 17, 14, look.color));
    return svg;
  };
  jixiao.svgShape = (shape, x, y, w, h, color) => {
    const ns = "http://www.w3.org/2000/svg";
    const points = {
      hexagon: [[-0.5, 0], [-0.25, -0.5], [0.25, -0.5], [0.5, 0], [0.25, 0.5], [-0.25, 0.5]],
      diamond: [[0, -0.5], [0.5, 0], [0, 0.5], [-0.5, 0]], triangle: [[0, -0.5], [0.5, 0.5], [-0.5, 0.5]],
    }[shape];
    const set = (name, values) => { const made = document.createElementNS(ns, name); for (const [k, v] of Object.entries(values)) made.setAttribute(k, String(v)); return made; };
    if (points) return set("polygon", { points: points.map(([a, b]) => `${(x + a * w).toFixed(1)},${(y + b * h).toFixed(1)}`).join(" "), fill: color });
    if (shape === "ellipse") return set("ellipse", { cx: x, cy: y, rx: w / 2, ry: h / 2, fill: color });
    return set("rect", { x: x - w / 2, y: y - h / 2, width: w, height: h, rx: shape === "round-rectangle" ? Math.min(w, h) / 4 : 0, fill: color });
  };

  // cytoscape's own visible() answers for the frame before; filters are asked in the same breath
  jixiao.isShown = (x) => !x.hasClass("off") && !x.hasClass("hid") && (x.isNode() || (jixiao.isShown(x.source()) && jixiao.isShown(x.target())));

  jixiao.networkStyle = () => [
    { selector: "node", style: {
      "font-family": FONT, color: "#1f2733",
      "text-valign": "bottom", "text-margin-y": 3, "text-wrap": "wrap", "text-max-width": 4000, "line-height": 1.2,
      "text-background-color": "#ffffff", "text-background-opacity": 0.82, "text-background-padding": 1,
      "background-color": "#5b6470", width: 26, height: 26, "border-width": 1.5, "border-color": "#ffffff" } },
    ...Object.entries(jixiao.KINDS).map(([kind, look]) => ({
      selector: `node[kind="${kind}"]`, style: { "background-color": look.color, shape: look.shape, width: look.w, height: look.h } })),
    { selector: "edge", style: {
      width: 1.4, "line-color": "#aab3bf", "target-arrow-color": "#aab3bf", "target-arrow-shape": "triangle", "arrow-scale": 0.8,
      "curve-style": "bezier", "font-family": FONT, color: "#46505e",
      "text-background-color": "#ffffff", "text-background-opacity": 0.9, "text-background-padding": 2 } },
    { selector: "node[?said], edge[?said]", style: { label: "data(said)", "font-size": "data(size)" } }, // network_labels.js
    ...Object.entries(jixiao.LINES).map(([kind, look]) => ({
      selector: `edge[kind="${kind}"]`, style: { "line-color": look.color, "target-arrow-color": look.color, "line-style": look.style } })),
    { selector: 'edge[kind="same_programme"]', style: { "target-arrow-shape": "none" } },
    { selector: "edge[?typo]", style: { "line-style": "dashed", width: 2 } },
    { selector: "edge:selected", style: { width: 3, "line-color": "#c77700", "target-arrow-color": "#c77700" } },
    { selector: "node.focus", style: { "border-width": 4, "border-color": "#e0a100" } },
    { selector: "node:selected", style: { "border-width": 4, "border-color": "#c77700", "font-weight": "bold" } },
    { selector: "node.hub", style: { "z-index": 10, "text-background-opacity": 0.88 } },
    { selector: "node.front", style: { "z-index": 20, "text-background-opacity": 1 } },
    { selector: "node.pinned", style: { "border-style": "double", "border-width": 5, "border-color": "#1f2733" } },
    { selector: ".path", style: { "line-color": "#c77700", "target-arrow-color": "#c77700", width: 4, "border-color": "#c77700", "border-width": 4 } },
    { selector: "node.path", style: { width: 44, height: 38 } },
    { selector: ".faint", style: { opacity: 0.22 } },
    // hundreds of nodes: straight edges without arrows draw several times faster
    { selector: "edge.many", style: { "curve-style": "haystack", "target-arrow-shape": "none", width: 1, opacity: 0.55 } },
    { selector: "node.many", style: { "border-width": 0 } },
    { selector: ".off, .hid", style: { display: "none" } },
  ];
})();
