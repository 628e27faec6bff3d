// How the parts of a run look in its bar: told apart by form, not by colour alone.

function makePatterns(context) {
  const tile = (size, draw) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = size;
    const ink = canvas.getContext("2d");
    ink.fillStyle = "#fff";
    ink.fillRect(0, 0, size, size);
    draw(ink);
    return context.createPattern(canvas, "repeat");
  };
  const lines = (ink, colour, size, both) => {
    ink.strokeStyle = colour;
    ink.lineWidth = 1.4;
    ink.beginPath();
    for (const shift of [-size, 0, size]) {
      ink.moveTo(shift, size); ink.lineTo(shift + size, 0);
      if (both) { ink.moveTo(shift, 0); ink.lineTo(shift + size, size); }
    }
    ink.stroke();
  };
  return {
    fill: tile(4, (ink) => { ink.fillStyle = "#005a96"; ink.fillRect(0, 0, 4, 2); }),
    dump: tile(6, (ink) => lines(ink, "#5d3a1a", 6, true)),
    rest: tile(6, (ink) => lines(ink, "#6b7885", 6, false)),
  };
}

// Work is a full block, a way a thin line, a wait a dotted one; fill, dump and rest are hatched.
function paintStop(context, patterns, day, kind, colour, x, y, wide, high) {
  const name = day.kinds[kind];
  const thin = (part) => context.fillRect(x, y + high * (1 - part) / 2, wide, high * part);
  context.fillStyle = colour;
  if (name === "service") {
    context.globalAlpha = 0.92;
    context.fillRect(x, y, Math.max(wide, 0.6), high);
    context.globalAlpha = 1;
  } else if (name === "transfer") {
    thin(0.45);
    context.fillStyle = "#fff";
    for (let dash = x + 4; dash < x + wide - 2; dash += 7) context.fillRect(dash, y, 2.5, high);
  } else if (name === "fill" || name === "rest") {
    context.fillStyle = patterns[name];
    context.fillRect(x, y, wide, high);
  } else if (name === "dump" || name === "unload") {
    context.fillStyle = patterns.dump;
    context.fillRect(x, y, wide, high);
  } else if (name === "wait") {
    context.fillStyle = "#6b7885";
    for (let point = x + 1; point < x + wide - 1; point += 4) context.fillRect(point, y + high / 2 - 1, 2, 2);
  } else thin(0.28);
}

function cut(context, text, most) {
  if (context.measureText(text).width <= most) return text;
  const letters = [...text];
  while (letters.length && context.measureText(`${letters.join("")}…`).width > most) letters.pop();
  return `${letters.join("")}…`;
}

// The key to the bars, in the words of the page.
function barKey(day, state) {
  const shown = new Set();
  for (const run of day.runs) for (const stop of run.stops) if (stop.to > stop.from) shown.add(day.kinds[stop.kind]);
  if (shown.has("return")) shown.add("travel");
  const names = [["service"], ["travel"], ["transfer"], ["fill"], ["dump", "unload"], ["rest"], ["wait"]];
  return names.filter((group) => group.some((name) => shown.has(name))).map((group) => {
    const canvas = document.createElement("canvas");
    canvas.width = 44; canvas.height = 24;
    canvas.className = "swatch";
    canvas.setAttribute("aria-hidden", "true");
    const context = canvas.getContext("2d");
    context.scale(2, 2);
    paintStop(context, makePatterns(context), day, day.kind[group[0]], "#44617c", 0, 1, 22, 10);
    return make("span", "key", canvas, state.word(`key_${group[0]}`));
  });
}
