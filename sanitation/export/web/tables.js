// The pages of figures and of what is left: the plan's tables, in words where there is nothing.

function makeTables(day, state, dom, actions) {
  const { page } = dom;
  const runs = new Map(day.runs.map((run) => [run.id, run.number]));

  function table([fault, zh, en]) {
    const [header, right, sums, rows] = state.lang === "zh" ? zh : en;
    const cellOf = (tag, text, i) => {
      const link = fault && tag === "td" && runs.has(text);
      const shown = link ? button("run-link", text, () => actions.chooseRun(runs.get(text), -1, true)) : text;
      const cell = make(tag, right[i] ? "right" : "", shown);
      if (tag === "th") cell.scope = "col";
      return cell;
    };
    const body = rows.map((row, number) => {
      const line = make("tr", number >= rows.length - sums ? "sum" : "", row.map((text, i) => cellOf("td", text, i)));
      return line;
    });
    return make("div", "wide", make("table", "", make("thead", "", make("tr", "", header.map((text, i) => cellOf("th", text, i)))), make("tbody", "", body)));
  }

  // The roads and places of what is uncovered or suspended, each once.
  function leftOf(kind) {
    const own = day.left.filter(([of, road, place]) => of === kind && (road >= 0 || place >= 0));
    if (!own.length) return null;
    return make("details", "more", make("summary", "", `${state.word("left_places")} (${own.length})`),
      make("div", "left-list", own.map(([, road, place]) => {
        const focus = road >= 0 ? { kind: "road", number: road } : { kind: "place", number: place };
        const one = listOf(day, focus.kind)[focus.number];
        return button("line", [make("b", "", state.text(one.name)), make("small", "", one.id)],
          () => actions.focusOn(focus.kind, focus.number, true));
      })));
  }

  function tiles() {
    const shown = day.runs;
    const count = (kind) => shown.reduce((sum, run) => sum + run.stops.filter((stop) => day.kinds[stop.kind] === kind).length, 0);
    const hours = shown.reduce((sum, run) => sum + run.to - run.from, 0) / 3600;
    const vehicles = new Set(shown.map((run) => run.vehicle)).size;
    const people = new Set(shown.map((run) => run.driverId)).size;
    const values = [
      ["tile_runs", shown.length], ["tile_vehicles", vehicles], ["tile_people", people],
      ["tile_hours", Math.round(hours)], ["tile_work", count("service")], ["tile_fills", count("fill")],
      ["tile_unloads", count("unload")],
    ];
    return make("div", "tiles", values.map(([key, value]) => make("div", "tile",
      make("b", "", value.toLocaleString("en-US")), make("span", "", state.word(key)))));
  }

  function paint() {
    if (state.tab === "map") return;
    const faults = state.tab === "faults";
    const tables = day.tables.filter(([fault]) => Boolean(fault) === faults);
    const parts = [make("h2", "", state.word(faults ? "tab_faults" : "tab_figures"))];
    if (faults) {
      parts.push(make("p", tables.length ? "warn" : "good", state.word(tables.length ? "faults_hint" : "no_faults")));
      for (const key of ["uncovered", "suspended", "missing_posts", "violations"]) {
        const name = state.word(`head_${key}`);
        const own = day.faultKinds.indexOf(key);
        parts.push(make("h3", "", name), own < 0 ? make("p", "empty", state.word(`none_${key}`)) : table(tables[own]), leftOf(key));
      }
    } else {
      parts.push(tiles());
      parts.push(...(tables.length ? tables.map(table) : [make("p", "empty", state.word("no_figures"))]));
    }
    fill(page, parts.filter(Boolean));
    page.scrollTop = 0;
  }

  state.watchers.push((changed) => {
    if (changed.has("tab") || changed.has("lang")) paint();
  });
  paint();
}
