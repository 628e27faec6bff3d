// Search as one types: runs, plates, drivers, roads, sections, communities, toilets, facilities.

function makeIndex(day) {
  const index = [];
  const add = (kind, number, names, words) => {
    index.push({ kind, number, names, find: fold([...names, ...words].join("\n")) });
  };
  const both = (text) => [day.texts[text]].flat();
  for (const run of day.runs) {
    const shift = day.shifts[run.h];
    add("run", run.number, [run.id], [run.vehicle, run.plate, run.driver, run.driverId,
      ...both(day.services[run.s].name), ...both(shift.name)]);
  }
  day.roads.forEach((road, number) => {
    if (road.streets.length) add("road", number, [road.id, ...both(road.name)], []);
  });
  day.places.forEach((place, number) => {
    if (place.x !== null) add("place", number, [place.id, ...both(place.name)], []);
  });
  day.sections.forEach((section, number) => add("section", number, [section.id], []));
  return index;
}

function fold(text) {
  return text.toLowerCase().normalize("NFKC").replace(/[·・\s]+/g, "");
}

// The hits, at most `most`: what is called so, then what begins so, then what has it within.
function findIn(index, typed, most) {
  const wanted = fold(typed);
  if (!wanted) return [];
  const ranks = [[], [], []];
  for (const entry of index) {
    if (!entry.find.includes(wanted)) continue;
    const names = entry.names.map(fold);
    ranks[names.includes(wanted) ? 0 : names.some((name) => name.startsWith(wanted)) ? 1 : 2].push(entry);
  }
  return ranks.flat().slice(0, most);
}

function makeSearch(day, state, dom, actions) {
  const { input, list } = dom;
  const index = makeIndex(day);
  let hits = [], at = 0;

  function show() {
    const typed = input.value.trim();
    hits = findIn(index, typed, 12);
    at = 0;
    list.hidden = !typed;
    input.setAttribute("aria-expanded", String(Boolean(typed)));
    fill(list, hits.length ? hits.map(line) : make("li", "none", state.word("no_hit")));
    mark();
  }

  function line(hit, number) {
    const item = make("li", "", make("span", "what", state.word(`find_${hit.kind}`)), ...told(hit));
    item.id = `hit-${number}`;
    item.setAttribute("role", "option");
    item.addEventListener("pointerdown", (event) => { event.preventDefault(); go(hit); });
    return item;
  }

  function told(hit) {
    if (hit.kind === "run") {
      const run = day.runs[hit.number];
      return [make("b", "", `${run.plate || run.vehicle} ${run.driver}`), make("small", "", `${runTitle(day, state, run)} ${span(day, run.from, run.to)}`)];
    }
    if (hit.kind === "section") return [make("b", "", day.sections[hit.number].id), make("small", "", sectionTitle(day, state, hit.number))];
    const one = listOf(day, hit.kind)[hit.number];
    return [make("b", "", state.text(one.name)), make("small", "", `${one.kind ? state.word(`place_${one.kind}`) : ""} ${one.id} ${state.other(one.name)}`.trim())];
  }

  function mark() {
    [...list.children].forEach((item, number) => item.setAttribute("aria-selected", String(number === at)));
    if (hits.length) input.setAttribute("aria-activedescendant", `hit-${at}`);
    else input.removeAttribute("aria-activedescendant");
    if (list.children[at]) list.children[at].scrollIntoView({ block: "nearest" });
  }

  function go(hit) {
    input.value = "";
    show();
    input.blur();
    if (hit.kind === "run") actions.chooseRun(hit.number, -1, true);
    else actions.focusOn(hit.kind, hit.number, true);
  }

  input.addEventListener("input", show);
  input.addEventListener("blur", () => { list.hidden = true; });
  input.addEventListener("focus", () => { if (input.value.trim()) show(); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && hits[at]) go(hits[at]);
    else if (event.key === "ArrowDown") at = Math.min(hits.length - 1, at + 1);
    else if (event.key === "ArrowUp") at = Math.max(0, at - 1);
    else if (event.key === "Escape") { input.value = ""; show(); }
    else return;
    mark();
    event.preventDefault();
  });
  state.watchers.push((changed) => { if (changed.has("lang") && input.value) show(); });
}
