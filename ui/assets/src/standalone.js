// The viewer of the page that opens offline: look, find, select. Labels are set as text only.
(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent);
  document.title = data.title;
  document.querySelector("h1").textContent = data.title;
  document.getElementById("about").textContent = [
    `${data.nodes.length.toLocaleString("zh-CN")} 个节点，${data.edges.length.toLocaleString("zh-CN")} 条关系`,
    data.leftOut ? `另有 ${data.leftOut.toLocaleString("zh-CN")} 个关系较少的节点没有画出，要看全部请导出 GEXF` : "",
    data.made ? `导出于 ${data.made}` : "", data.version ? `数据版本 ${data.version}` : "",
  ].filter(Boolean).join("；");
  const cy = window.cytoscape({
    container: document.getElementById("canvas"), style: window.jixiao.networkStyle(), layout: { name: "preset" }, minZoom: 0.04, maxZoom: 3,
    elements: [...data.nodes.map((n) => ({ group: "nodes", data: n, position: { x: n.x, y: n.y } })), ...data.edges.map((e) => ({ group: "edges", data: e }))],
  });
  if (data.edges.length <= 36) cy.edges().addClass("named");
  const labels = window.jixiao.keepLabels(cy);
  cy.viewport(window.jixiao.viewOf(cy, cy.nodes()));
  labels.now();
  const kinds = Object.entries(window.jixiao.KINDS).map(([kind, look]) => [look, data.nodes.filter((n) => n.kind === kind).length]).filter(([, count]) => count);
  document.getElementById("legend").append(...kinds.map(([look, count]) => {
    const item = document.createElement("li");
    item.append(window.jixiao.shapeIcon(look), `${look.name} ${count.toLocaleString("zh-CN")}`);
    return item;
  }));
  const side = document.getElementById("side");
  const line = (name, text) => { const made = document.createElement(name); made.textContent = text; return made; };
  const show = (node) => {
    cy.elements().unselect();
    node.select();
    cy.elements().removeClass("near");
    node.connectedEdges().addClass("near");
    labels.now();
    const list = document.createElement("ul");
    node.connectedEdges().forEach((e) => { const other = e.source().same(node) ? e.target() : e.source(); list.append(line("li", `${e.data("kindName")}：${other.data("full")}`)); });
    side.replaceChildren(line("h2", node.data("full")), line("p", [node.data("kindName"), node.data("year") ? `${node.data("year")} 年` : "", node.data("number")].filter(Boolean).join("，")), list);
  };
  cy.on("tap", "node", (event) => show(event.target));
  document.getElementById("find").addEventListener("input", (event) => {
    const text = event.target.value.trim();
    const node = text && cy.nodes().filter((n) => n.data("full").includes(text) || (n.data("number") || "").includes(text)).first();
    if (node && node.length) { cy.stop(); cy.animate({ center: { eles: node }, zoom: 1, duration: 200 }); show(node); }
  });
  document.body.dataset.nodes = String(cy.nodes().length);
})();
