from __future__ import annotations
from dataclasses import dataclass
from typing import Any
from sanitation.model import Uncovered
@dataclass(frozen=True, slots=True)
class Situation:
    district: Any
    ground: Any
    options: Any
    vehicles: Any
    searched: Any
    wishes: Any
def explain(situation, dropped, late, left, cut_off, say):
    out=[Uncovered(d,'bays','',{}) for d in late]
    for d in dropped: out.append(Uncovered(d,'vehicles','',{}))
    for d,g in left: out.append(Uncovered(d,g.what,g.reason,{}))
    for d in cut_off: out.append(Uncovered(d,'unreachable','',{}))
    return tuple(out)
