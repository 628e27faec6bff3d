// What is drawn of the runs that are shown: a stroke for every section and colour, beside each
// other to the right of the street's middle, and a mark for every site.

function makeStrokes(day, state) {
  const strokes = new Map(), marks = new Map(), lanes = new Map();
  for (const group of day.order) {
    for (const run of group.runs) {
      if (!state.shows(run)) continue;
      for (const stop of run.stops) {
        if (stop.kind !== day.kind.service) continue;
        const colour = stopColour(day, state, stop);
        if (stop.section >= 0 && stop.nodes.length > 1) {
          const key = `${stop.section} ${colour}`;
          if (!strokes.has(key)) {
            const lane = lanes.get(stop.section) || 0;
            lanes.set(stop.section, lane + 1);
            strokes.set(key, makeStroke(day, stop, colour, Math.min(lane, 5)));
          }
          strokes.get(key).stops.push(stop);
        } else if (stop.place >= 0 && day.places[stop.place].x !== null) {
          const key = `${stop.place} ${colour}`;
          if (!marks.has(key)) {
            const { x, y } = day.places[stop.place];
            marks.set(key, { place: stop.place, x, y, colour, stops: [] });
          }
          marks.get(key).stops.push(stop);
        }
      }
    }
  }
  return { strokes: [...strokes.values()], marks: [...marks.values()] };
}

function makeStroke(day, stop, colour, lane) {
  return { colour, lane, section: stop.section, stops: [], box: boxOf(day, stop.nodes), ...lineOf(day, stop.nodes) };
}

// The points of a way and, at each of them, the direction to the right of it (of length 1, longer
// at corners so that a line beside it keeps its distance).
function lineOf(day, nodes) {
  const count = nodes.length;
  const xs = Float64Array.from(nodes, (n) => day.X[n]), ys = Float64Array.from(nodes, (n) => day.Y[n]);
  const nx = new Float64Array(count), ny = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const before = unit(xs, ys, Math.max(0, i - 1)), after = unit(xs, ys, Math.min(count - 2, i));
    let dx = before[0] + after[0], dy = before[1] + after[1];
    const size = Math.hypot(dx, dy);
    if (size < 0.5) { [dx, dy] = after; } else { dx /= size; dy /= size; }
    const blunt = Math.max(0.6, dx * after[0] + dy * after[1]);
    nx[i] = -dy / blunt;
    ny[i] = dx / blunt;
  }
  return { xs, ys, nx, ny };
}

function unit(xs, ys, i) {
  const dx = xs[i + 1] - xs[i], dy = ys[i + 1] - ys[i], size = Math.hypot(dx, dy) || 1;
  return [dx / size, dy / size];
}

function strokeWidth(zoom) {
  return Math.min(5, Math.max(0.9, zoom * 11));
}

function strokeOffset(zoom, lane) {
  const wide = strokeWidth(zoom);
  return (lane + 0.5) * (wide + (zoom > 0.2 ? 1 : 0.2)) + (zoom > 0.2 ? 0.8 : 0);
}

function traceLine(context, view, line, offset) {
  const { xs, ys, nx, ny } = line, { zoom, left, top } = view;
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i] * zoom - left + nx[i] * offset, y = ys[i] * zoom - top + ny[i] * offset;
    if (i) context.lineTo(x, y); else context.moveTo(x, y);
  }
}

function traceNodes(context, view, day, nodes) {
  const { zoom, left, top } = view;
  for (let i = 0; i < nodes.length; i++) {
    const x = day.X[nodes[i]] * zoom - left, y = day.Y[nodes[i]] * zoom - top;
    if (i) context.lineTo(x, y); else context.moveTo(x, y);
  }
}

function inView(view, box, pixels) {
  const { zoom, left, top, width, height } = view;
  return box[2] * zoom - left > -pixels && box[0] * zoom - left < width + pixels
    && box[3] * zoom - top > -pixels && box[1] * zoom - top < height + pixels;
}

// How far the work of a stroke or a mark is at a time: 0 nothing, 1 a part, 2 all of it.
function doneAt(stops, time) {
  if (time === null) return 2;
  let done = 0;
  for (const stop of stops) if (stop.to <= time) done++;
  return done === 0 ? 0 : done === stops.length ? 2 : 1;
}

// Pixels from a point to a line that is drawn at an offset; Infinity where it is far off.
function distanceTo(view, line, offset, px, py, most) {
  const { xs, ys, nx, ny } = line, { zoom, left, top } = view;
  let best = Infinity;
  for (let i = 1; i < xs.length; i++) {
    const ax = xs[i - 1] * zoom - left + nx[i - 1] * offset, ay = ys[i - 1] * zoom - top + ny[i - 1] * offset;
    const bx = xs[i] * zoom - left + nx[i] * offset, by = ys[i] * zoom - top + ny[i] * offset;
    if (px < Math.min(ax, bx) - most || px > Math.max(ax, bx) + most) continue;
    if (py < Math.min(ay, by) - most || py > Math.max(ay, by) + most) continue;
    best = Math.min(best, toStep(px, py, ax, ay, bx, by));
  }
  return best;
}

function toStep(px, py, ax, ay, bx, by) {
  const dx = bx - ax, dy = by - ay, size = dx * dx + dy * dy;
  const share = size ? Math.min(1, Math.max(0, ((px - ax) * dx + (py - ay) * dy) / size)) : 0;
  return Math.hypot(px - ax - dx * share, py - ay - dy * share);
}
