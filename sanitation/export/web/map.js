// The map: its camera, what is under the pointer, and when its two layers are drawn anew.
//
// The lower layer is drawn larger than the window and moved with the camera; it is drawn again
// when the camera rests, so that moving stays smooth however much there is.

const MARGIN = 0.25; // of the window on each side
const LEAST_ZOOM = 0.015, MOST_ZOOM = 6; // pixels a metre

function makeMap(day, state, dom, actions) {
  const { frame, base, over, tip, scale } = dom;
  const back = document.createElement("canvas"), labels = document.createElement("canvas");
  const map = { drawn: null, stale: true, frames: [], trucks: [], hover: null };
  let width = 0, height = 0, ratio = 1, shot = null, due = 0, waiting = false, settle = 0;

  function view(margin) {
    const wide = width * (1 + 2 * margin), high = height * (1 + 2 * margin);
    return {
      zoom: state.zoom, width: wide, height: high,
      left: state.x * state.zoom - wide / 2, top: state.y * state.zoom - high / 2,
    };
  }

  function resize() {
    const box = frame.getBoundingClientRect();
    if (!box.width || !box.height) return;
    ratio = Math.min(2, window.devicePixelRatio || 1);
    width = box.width;
    height = box.height;
    for (const canvas of [base, over]) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    for (const canvas of [back, labels]) {
      canvas.width = Math.round(width * (1 + 2 * MARGIN) * ratio);
      canvas.height = Math.round(height * (1 + 2 * MARGIN) * ratio);
    }
    map.stale = true;
    draw();
  }

  function drawBack() {
    if (!map.drawn) map.drawn = makeStrokes(day, state);
    const context = back.getContext("2d", { alpha: false });
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawBase(context, view(MARGIN), day, state, map.drawn);
    const over = labels.getContext("2d");
    over.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawLabels(over, view(MARGIN), day, state);
    shot = { x: state.x, y: state.y, zoom: state.zoom };
    map.stale = false;
  }

  // Whether the lower layer still covers the window and is near enough in scale.
  function covers() {
    if (!shot) return false;
    const f = state.zoom / shot.zoom;
    const dx = Math.abs(state.x - shot.x) * state.zoom, dy = Math.abs(state.y - shot.y) * state.zoom;
    return f > 0.8 && f < 1.6 && dx < width * (f * (0.5 + MARGIN) - 0.5) && dy < height * (f * (0.5 + MARGIN) - 0.5);
  }

  function paint() {
    waiting = false;
    if (!width) return;
    const began = performance.now();
    const moved = shot && (shot.x !== state.x || shot.y !== state.y || shot.zoom !== state.zoom);
    if (map.stale || !covers()) drawBack();
    else if (moved) {
      clearTimeout(settle);
      settle = setTimeout(() => { map.stale = true; draw(); }, 120);
    }
    const context = base.getContext("2d", { alpha: false });
    const f = state.zoom / shot.zoom;
    const x = width / 2 - (state.x - shot.x) * state.zoom, y = height / 2 - (state.y - shot.y) * state.zoom;
    const wide = width * (1 + 2 * MARGIN) * f, high = height * (1 + 2 * MARGIN) * f;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const place = (layer) => (onto) => onto.drawImage(layer, x - wide / 2, y - high / 2, wide, high);
    place(back)(context);
    const top = over.getContext("2d");
    top.setTransform(ratio, 0, 0, ratio, 0, 0);
    map.trucks = drawOver(top, view(0), day, state, map.hover, place(labels));
    const bar = scaleBar(state.zoom);
    scale.style.width = `${bar.pixels}px`;
    scale.textContent = bar.text;
    map.frames.push(performance.now() - began);
    if (map.frames.length > 600) map.frames.shift();
  }

  function draw() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(paint);
  }

  function zoomAt(px, py, factor) {
    const zoom = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, state.zoom * factor));
    const dx = px - width / 2, dy = py - height / 2;
    state.set({
      zoom, x: state.x + dx / state.zoom - dx / zoom, y: state.y + dy / state.zoom - dy / zoom,
    });
  }

  function fit(box, most) {
    if (!Number.isFinite(box[0]) || !width) return;
    const zoom = Math.min(
      most || 1.2,
      (width - 60) / Math.max(box[2] - box[0], 60), (height - 60) / Math.max(box[3] - box[1], 60),
    );
    state.set({ zoom: Math.max(LEAST_ZOOM, zoom), x: (box[0] + box[2]) / 2, y: (box[1] + box[3]) / 2 });
  }

  function under(px, py) {
    const now = view(0), near = (thing, most) => Math.hypot(thing.x - px, thing.y - py) <= most;
    const truck = [...map.trucks].reverse().find((one) => near(one, 12));
    if (truck) return { truck };
    const onScreen = (thing) => ({ x: thing.x * now.zoom - now.left, y: thing.y * now.zoom - now.top });
    for (let number = 0; number < day.places.length; number++) {
      const place = day.places[number], style = SYMBOLS[place.kind];
      if (style && place.x !== null && now.zoom >= style.from && near(onScreen(place), style.size + 2)) return { place: number };
    }
    if (!map.drawn) return null;
    const mark = map.drawn.marks.find((one) => near(onScreen(one), 8));
    if (mark) return { place: mark.place, mark };
    let best = null, least = 9;
    for (const stroke of map.drawn.strokes) {
      if (!inView(now, stroke.box, 30)) continue;
      const far = distanceTo(now, stroke, strokeOffset(now.zoom, stroke.lane), px, py, least);
      if (far < least) [best, least] = [stroke, far];
    }
    return best ? { stroke: best } : null;
  }

  listenToMap(frame, { state, zoomAt, under, click: (px, py) => actions.choose(under(px, py)), hover: showHover });

  function showHover(found, px, py) {
    map.hover = found;
    frame.classList.toggle("over-something", Boolean(found));
    tip.hidden = !found;
    if (found) {
      fill(tip, ...actions.tell(found).map((line, i) => make("div", i ? "" : "strong", line)));
      tip.style.left = `${Math.max(4, Math.min(px + 14, width - tip.offsetWidth - 6))}px`;
      tip.style.top = `${py + 18 + tip.offsetHeight > height ? py - tip.offsetHeight - 10 : py + 18}px`;
    }
    draw();
  }

  state.watchers.push((changed) => {
    const has = (...keys) => keys.some((key) => changed.has(key));
    if (has("off", "shift", "color")) map.drawn = null;
    if (has("off", "shift", "color", "lang", "run", "focus")) map.stale = true;
    if (has("time")) {
      const quick = state.playing && performance.now() - due < 150;
      if (!quick) { map.stale = true; due = performance.now(); }
    }
    if (has("playing") && !state.playing) map.stale = true;
    draw();
  });
  new ResizeObserver(resize).observe(frame);
  return Object.assign(map, { draw, fit, resize, zoomIn: () => zoomAt(width / 2, height / 2, 1.5), zoomOut: () => zoomAt(width / 2, height / 2, 1 / 1.5) });
}

// Drag, pinch, wheel and keys; a press that does not move is a click.
function listenToMap(frame, { state, zoomAt, under, click, hover }) {
  const pointers = new Map();
  let moved = 0;
  const place = (event) => {
    const box = frame.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  frame.addEventListener("pointerdown", (event) => {
    if (event.target.closest("button,select,details,a")) return;
    frame.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, place(event));
    if (pointers.size === 1) moved = 0;
  });
  frame.addEventListener("pointermove", (event) => {
    const at = place(event);
    if (!pointers.has(event.pointerId)) {
      if (event.pointerType === "mouse") {
        hover(event.target.closest("button,select,details,a") ? null : under(...at), ...at);
      }
      return;
    }
    const before = pointers.get(event.pointerId);
    pointers.set(event.pointerId, at);
    moved += Math.hypot(at[0] - before[0], at[1] - before[1]);
    if (moved < 4) return;
    hover(null);
    if (pointers.size === 1) {
      state.set({ x: state.x - (at[0] - before[0]) / state.zoom, y: state.y - (at[1] - before[1]) / state.zoom });
    } else {
      const [a, b] = [...pointers.values()], other = a === at ? b : a;
      const was = Math.hypot(before[0] - other[0], before[1] - other[1]);
      const is = Math.hypot(at[0] - other[0], at[1] - other[1]);
      if (was > 0) zoomAt((at[0] + other[0]) / 2, (at[1] + other[1]) / 2, is / was);
    }
  });
  const up = (event) => {
    const was = pointers.delete(event.pointerId);
    if (was && event.type === "pointerup" && moved < 4 && pointers.size === 0) click(...place(event));
  };
  frame.addEventListener("pointerup", up);
  frame.addEventListener("pointercancel", up);
  frame.addEventListener("pointerleave", () => hover(null));
  frame.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoomAt(...place(event), Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015)));
  }, { passive: false });
  frame.addEventListener("keydown", (event) => {
    const step = 60 / state.zoom;
    const ways = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    const { width, height } = frame.getBoundingClientRect();
    if (event.target !== frame) return;
    if (ways[event.key]) state.set({ x: state.x + ways[event.key][0], y: state.y + ways[event.key][1] });
    else if (event.key === "+" || event.key === "=") zoomAt(width / 2, height / 2, 1.3);
    else if (event.key === "-") zoomAt(width / 2, height / 2, 1 / 1.3);
    else return;
    event.preventDefault();
  });
}
