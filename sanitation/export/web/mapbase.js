// The layer under everything: streets in grey with their names, the work of the day, symbols.

const STREET_STYLE = [
  { colour: "#c3cbd4", least: 1.3, per: 16, most: 15, names: 0.11 },
  { colour: "#d3d9e0", least: 0.9, per: 11, most: 11, names: 0.24 },
  { colour: "#dfe4e9", least: 0.6, per: 7, most: 8, names: 0.5 },
];
const SYMBOLS = {
  depot: { shape: "square", fill: "#1f2d3d", ink: "#fff", from: 0, size: 9 },
  fill: { shape: "disc", fill: "#005a96", ink: "#fff", from: 0, size: 8 },
  dump: { shape: "disc", fill: "#6b4423", ink: "#fff", from: 0, size: 8 },
  station: { shape: "square", fill: "#fff", ink: "#9a3d00", from: 0, size: 9 },
  toilet: { shape: "disc", fill: "#fff", ink: "#8a2f6d", from: 0.3, size: 8 },
};
const FONT = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC","WenQuanYi Micro Hei",sans-serif';

function drawBase(context, view, day, state, drawn) {
  context.fillStyle = "#f5f7f9";
  context.fillRect(0, 0, view.width, view.height);
  context.lineCap = "round";
  context.lineJoin = "round";
  drawStreets(context, view, day);
  const faded = state.run >= 0 || state.focus !== null;
  drawStrokes(context, view, state, drawn.strokes, faded);
  drawMarks(context, view, state, drawn.marks, faded);
}

// Above what is chosen, so that names and symbols stay legible.
function drawLabels(context, view, day, state) {
  context.clearRect(0, 0, view.width, view.height);
  drawNames(context, view, day, state, drawSymbols(context, view, day, state));
}

function drawStreets(context, view, day) {
  for (const kind of [2, 1, 0]) {
    const style = STREET_STYLE[kind];
    context.strokeStyle = style.colour;
    context.lineWidth = Math.min(style.most, Math.max(style.least, view.zoom * style.per));
    context.beginPath();
    for (const street of day.streets) {
      if (street.kind === kind && inView(view, street.box, 10)) traceNodes(context, view, day, street.nodes);
    }
    context.stroke();
  }
}

function drawStrokes(context, view, state, strokes, faded) {
  context.lineWidth = strokeWidth(view.zoom);
  const alphas = faded ? [0.07, 0.13, 0.2] : [0.2, 0.55, 0.95];
  context.lineCap = "butt";
  for (const done of [0, 1, 2]) {
    const byColour = new Map();
    for (const stroke of strokes) {
      if (!inView(view, stroke.box, 30) || doneAt(stroke.stops, state.time) !== done) continue;
      if (!byColour.has(stroke.colour)) byColour.set(stroke.colour, []);
      byColour.get(stroke.colour).push(stroke);
    }
    context.globalAlpha = alphas[done];
    for (const [colour, group] of byColour) {
      context.strokeStyle = colour;
      // One path of thousands of lines is slower to fill than some of a few dozen.
      for (let i = 0; i < group.length; i += 40) {
        context.beginPath();
        for (const stroke of group.slice(i, i + 40)) {
          traceLine(context, view, stroke, strokeOffset(view.zoom, stroke.lane));
        }
        context.stroke();
      }
    }
  }
  context.globalAlpha = 1;
  context.lineCap = "round";
}

function drawMarks(context, view, state, marks, faded) {
  const radius = Math.min(6, Math.max(1.4, view.zoom * 14));
  for (const mark of marks) {
    const x = mark.x * view.zoom - view.left, y = mark.y * view.zoom - view.top;
    if (x < -9 || y < -9 || x > view.width + 9 || y > view.height + 9) continue;
    const done = doneAt(mark.stops, state.time);
    context.globalAlpha = faded ? 0.25 : [0.3, 0.65, 1][done];
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = mark.colour;
    context.fill();
    if (radius < 2.5) continue;
    context.lineWidth = 1;
    context.strokeStyle = "#fff";
    context.stroke();
  }
  context.globalAlpha = 1;
}

function drawSymbols(context, view, day, state) {
  const taken = [];
  for (const place of day.places) {
    const style = SYMBOLS[place.kind];
    if (!style || view.zoom < style.from || place.x === null) continue;
    const x = place.x * view.zoom - view.left, y = place.y * view.zoom - view.top;
    if (x < -20 || y < -20 || x > view.width + 20 || y > view.height + 20) continue;
    const size = view.zoom < 0.12 ? style.size - 2.5 : style.size;
    drawSymbol(context, style, x, y, size, state.word(`letter_${place.kind}`));
    taken.push([x - size, y - size, x + size, y + size]);
  }
  return taken;
}

function drawSymbol(context, style, x, y, size, letter) {
  context.beginPath();
  if (style.shape === "square") context.rect(x - size, y - size, 2 * size, 2 * size);
  else context.arc(x, y, size, 0, 2 * Math.PI);
  context.fillStyle = style.fill;
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = style.fill === "#fff" ? style.ink : "#fff";
  context.stroke();
  context.fillStyle = style.ink;
  context.font = `600 ${Math.round(size * 1.3)}px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(letter, x, y + 0.5);
}

function drawNames(context, view, day, state, taken) {
  const at = new Map();
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  for (const kind of [0, 1, 2]) {
    const style = STREET_STYLE[kind];
    if (view.zoom < style.names) continue;
    const size = kind === 0 ? 13 : 12;
    context.font = `${kind === 0 ? 600 : 400} ${size}px ${FONT}`;
    for (const street of day.streets) {
      if (street.kind !== kind || !street.name || !inView(view, street.box, 0)) continue;
      const name = state.text(street.name);
      if (name) drawName(context, view, day, street, name, size, at, taken);
    }
  }
}

// A name along the middle of the street's longest straight stretch in view, once in 320 pixels.
function drawName(context, view, day, street, name, size, at, taken) {
  const { zoom, left, top } = view, { nodes } = street;
  const px = (i) => day.X[nodes[i]] * zoom - left, py = (i) => day.Y[nodes[i]] * zoom - top;
  let best = null;
  for (let i = 0; i < nodes.length - 1;) {
    let j = i + 1;
    const angle = Math.atan2(py(j) - py(i), px(j) - px(i));
    while (j < nodes.length - 1 && Math.abs(Math.sin(Math.atan2(py(j + 1) - py(j), px(j + 1) - px(j)) - angle)) < 0.2) j++;
    const x = (px(i) + px(j)) / 2, y = (py(i) + py(j)) / 2, long = Math.hypot(px(j) - px(i), py(j) - py(i));
    const seen = x > 0 && y > 0 && x < view.width && y < view.height;
    if (seen && (!best || long > best.long)) best = { x, y, long, angle: Math.atan2(py(j) - py(i), px(j) - px(i)) };
    i = j;
  }
  if (!best) return;
  const wide = context.measureText(name).width;
  if (best.long < wide * 0.8) return;
  const told = at.get(name) || [];
  if (told.some(([x, y]) => Math.hypot(x - best.x, y - best.y) < 320)) return;
  let { angle } = best;
  if (angle > Math.PI / 2) angle -= Math.PI;
  if (angle <= -Math.PI / 2) angle += Math.PI;
  const w = Math.abs(Math.cos(angle)) * wide / 2 + 8, h = Math.abs(Math.sin(angle)) * wide / 2 + 8;
  const box = [best.x - w, best.y - h, best.x + w, best.y + h];
  if (taken.some((b) => b[0] < box[2] && b[2] > box[0] && b[1] < box[3] && b[3] > box[1])) return;
  taken.push(box);
  at.set(name, [...told, [best.x, best.y]]);
  context.save();
  context.translate(best.x, best.y);
  context.rotate(angle);
  context.lineWidth = 4;
  context.strokeStyle = "rgba(255,255,255,.92)";
  context.strokeText(name, 0, 0);
  context.fillStyle = "#3a4653";
  context.fillText(name, 0, 0);
  context.restore();
}

// A bar of 1, 2 or 5 times a power of ten metres, at most 120 pixels long.
function scaleBar(zoom) {
  const metres = [10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5].find((m) => m * zoom <= 120) || 5;
  return { pixels: metres * zoom, text: metres < 1000 ? `${metres} m` : `${metres / 1000} km` };
}
