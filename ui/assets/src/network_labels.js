// Labels that can be read at every zoom: a fixed size on the screen, the important ones first, none over another.
(() => {
  "use strict";
  const jixiao = (window.jixiao = window.jixiao || {});
  const SIZE = 11.5; // pixels on the screen, at the least
  const LINE = 1.25;
  const MOST = 160; // labels at once; more is a grey mass
  const TRIED = 600; // nodes that are asked whether their name has room, best connected first
  const CROWD = 80; // nodes from which on the best connected are named first
  const HUBS = 18;
  const CELL = 96; // pixels of the grid that finds what is near
  const FORMS = [{ signs: 10, lines: 3 }, { signs: 7, lines: 2 }, { signs: 8, lines: 1 }]; // from full to short

  const widthOf = (text) => [...text].reduce((sum, sign) => sum + (sign.charCodeAt(0) < 0x2000 ? 0.56 : 1), 0);
  // Lines of at most `signs` Chinese signs; what does not fit ends in an ellipsis.
  const wrap = (text, { signs, lines }) => {
    const found = [""];
    const all = [...text];
    for (let at = 0; at < all.length; at += 1) {
      if (widthOf(found[found.length - 1] + all[at]) > signs) {
        if (found.length === lines) { found[lines - 1] = `${[...found[lines - 1]].slice(0, -1).join("")}…`; break; }
        found.push("");
      }
      found[found.length - 1] += all[at];
    }
    const last = found.length - 1; // one sign alone on the last line looks lost
    if (last > 0 && [...found[last]].length === 1 && !found[last].includes("…")) {
      const before = [...found[last - 1]];
      found[last] = before.pop() + found[last];
      found[last - 1] = before.join("");
    }
    return found;
  };

  const grid = () => {
    const cells = new Map();
    const keys = (box) => {
      const found = [];
      for (let x = Math.floor(box.x1 / CELL); x <= Math.floor(box.x2 / CELL); x += 1)
        for (let y = Math.floor(box.y1 / CELL); y <= Math.floor(box.y2 / CELL); y += 1) found.push(`${x},${y}`);
      return found;
    };
    return {
      add: (box) => keys(box).forEach((key) => { if (!cells.has(key)) cells.set(key, []); cells.get(key).push(box); }),
      free: (box) => keys(box).every((key) => (cells.get(key) || []).every((other) =>
        other.owner === box.owner || box.x1 >= other.x2 || other.x1 >= box.x2 || box.y1 >= other.y2 || other.y1 >= box.y2)),
    };
  };

  const rankOf = (node) => (node.selected() ? 1e6 : 0) + (node.hasClass("path") ? 1e5 : 0) + (node.hasClass("focus") ? 1e4 : 0)
    + (node.hasClass("pinned") ? 1e3 : 0) + (node.data("degree") || 0);

  // Decides which labels stand, and how. `zoom` is given for a picture of everything; else what is on the screen counts.
  jixiao.placeLabels = (cy, { zoom = 0 } = {}) => {
    const scale = zoom || cy.zoom();
    const size = Math.max(12, SIZE / scale); // in units of the drawing
    const view = zoom ? null : cy.extent();
    const shown = cy.nodes().filter((node) => jixiao.isShown(node));
    const taken = grid();
    const near = [];
    const spots = new Map();
    shown.forEach((node) => {
      const { x, y } = node.position();
      if (view && (x < view.x1 - 60 || x > view.x2 + 60 || y < view.y1 - 60 || y > view.y2 + 60)) return;
      const look = jixiao.KINDS[node.data("kind")] || { w: 26, h: 26 };
      const [w, h] = [look.w * scale, look.h * scale];
      const spot = { owner: node.id(), x1: x * scale - w / 2, x2: x * scale + w / 2, y1: y * scale - h / 2, y2: y * scale + h / 2 };
      spots.set(node.id(), spot);
      near.push({ node, x: x * scale, y: spot.y2 + 3 * scale, rank: rankOf(node) });
    });
    near.sort((a, b) => b.rank - a.rank || (a.node.id() < b.node.id() ? -1 : 1));
    const asked = near.slice(0, TRIED);
    // Among many, the names of the best connected may cover what is small beside them; all others give way to everything.
    const hubs = near.length > CROWD ? asked.slice(0, HUBS) : [];
    const rest = asked.slice(hubs.length);
    const leading = new Set(hubs.map(({ node }) => node.id()));
    const pixels = size * scale;
    const boxAt = (owner, x, y, lines) => {
      const width = Math.max(...lines.map(widthOf)) * pixels + 5;
      return { owner, x1: x - width / 2, x2: x + width / 2, y1: y, y2: y + lines.length * pixels * LINE + 3 };
    };
    const said = new Map();
    const place = (group, bodies) => {
      bodies.forEach(({ node }) => taken.add(spots.get(node.id())));
      for (const { node, x, y } of group) {
        if (said.size >= MOST) break;
        const forms = node.selected() ? [{ signs: 12, lines: 4 }, ...FORMS] : FORMS;
        for (const form of forms) {
          const lines = wrap(node.data("label"), form);
          const box = boxAt(node.id(), x, y, lines);
          if (!taken.free(box)) continue;
          taken.add(box);
          said.set(node.id(), lines.join("\n"));
          break;
        }
      }
    };
    place(hubs, hubs);
    place(rest, near.slice(hubs.length));
    const named = new Set();
    const pointed = cy.edges(".near").length === 1; // one edge under the pointer; those of a node give way
    cy.edges(".named, .near, :selected").forEach((edge) => {
      if (!jixiao.isShown(edge)) return;
      const [a, b] = [edge.source().position(), edge.target().position()];
      const width = widthOf(edge.data("kindName")) * 10.5 + 6;
      const [x, y] = [((a.x + b.x) / 2) * scale, ((a.y + b.y) / 2) * scale];
      const long = Math.hypot((a.x - b.x) * scale, (a.y - b.y) * scale);
      const box = { owner: "", x1: x - width / 2, x2: x + width / 2, y1: y - 7, y2: y + 7 };
      if (long > width + 30 && (edge.selected() || (pointed && edge.hasClass("near")) || taken.free(box))) { taken.add(box); named.add(edge.id()); }
    });
    cy.batch(() => {
      shown.forEach((node) => {
        const text = said.get(node.id()) || "";
        const before = node.data("said") || "";
        if (before !== text || (text && node.data("size") !== size)) node.data({ said: text, size });
        if (node.hasClass("hub") !== leading.has(node.id())) node.toggleClass("hub");
      });
      cy.edges().forEach((edge) => {
        const text = named.has(edge.id()) ? edge.data("kindName") : "";
        const edgeSize = Math.max(10, 10.5 / scale);
        if ((edge.data("said") || "") !== text || (text && edge.data("size") !== edgeSize)) edge.data({ said: text, size: edgeSize });
      });
    });
    return said.size;
  };

  // Zoom and pan that show these nodes with room for their labels at the edges.
  jixiao.viewOf = (cy, nodes, { most = 1.25 } = {}) => {
    const [side, top, bottom] = [64, 26, 58];
    const box = { x1: Infinity, x2: -Infinity, y1: Infinity, y2: -Infinity };
    nodes.forEach((node) => {
      const { x, y } = node.position();
      Object.assign(box, { x1: Math.min(box.x1, x - 20), x2: Math.max(box.x2, x + 20), y1: Math.min(box.y1, y - 16), y2: Math.max(box.y2, y + 16) });
    });
    const fits = Math.min((cy.width() - 2 * side) / (box.x2 - box.x1), (cy.height() - top - bottom) / (box.y2 - box.y1));
    const zoom = Math.max(cy.minZoom(), Math.min(most, fits));
    const pan = { x: cy.width() / 2 - (zoom * (box.x1 + box.x2)) / 2, y: top + (cy.height() - top - bottom) / 2 - (zoom * (box.y1 + box.y2)) / 2 };
    return { zoom, pan };
  };

  // Labels follow zoom, pan and what is added, a moment after the last change.
  jixiao.keepLabels = (cy) => {
    let timer = null;
    const now = () => { clearTimeout(timer); timer = null; if (!cy.destroyed() && cy.width() > 0) jixiao.placeLabels(cy); };
    const soon = () => { clearTimeout(timer); timer = setTimeout(now, 90); };
    cy.on("zoom pan resize free", soon);
    cy.on("select unselect", soon);
    return { now, soon };
  };
})();
