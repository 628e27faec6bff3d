"""Small benchmark instances drawn by hand, one of each format, and where the public ones lie."""

from __future__ import annotations

from pathlib import Path

import pytest

BENCH = Path(__file__).parents[1].parent / "shared" / "bench"
needs_bench = pytest.mark.skipif(
    not (BENCH / "bks.csv").is_file(), reason="the public instances (../shared/bench) are not here"
)

# Shortest: 0-2 is 1, 0-1 is 3, 1-2 is 4. Streets 1 and 2 are parallel, 3 is a loop.
CARP = """\
 NOMBRE : tiny
 COMENTARIO : drawn by hand
 VERTICES : 3
 ARISTAS_REQ : 4
 ARISTAS_NOREQ : 1
 VEHICULOS : 2
 CAPACIDAD : 5
 TIPO_COSTES_ARISTAS : EXPLICITOS
 COSTE_TOTAL_REQ : 14
 LISTA_ARISTAS_REQ :
 ( 0, 1)  coste 3 demanda 2
 ( 1, 2)   coste 4   demanda 3
 ( 1, 2)  coste 5 demanda 1
 ( 2, 2)  coste 2 demanda 1
 LISTA_ARISTAS_NOREQ :
 ( 0, 2)  coste 1
 DEPOSITO :   0"""

# A street, a one-way street, and the one-way back to the depot. The arcs are listed first.
MIXED = """\
NAME : tiny.dat
UPPER BOUND : 122
NODES : 3
REQ_EDGES : 1
NOREQ_EDGES : 0
REQ_ARCS : 1
NOREQ_ARCS : 1
VEHICLES : 1
CAPACITY : 4
DUMPING_COST : 100
LIST_REQ_ARCS :
( 2, 3)   serv_cost 7   trav_cost 3   demand 2
LIST_REQ_EDGES :
( 1, 2)   serv_cost 10    trav_cost 4    demand 2
LIST_NOREQ_ARCS :
( 3, 1)   cost 5
DEPOT : 1
"""

# A line -1 = -2 = -3 with the depot at one end and the facility in the middle.
FACILITY = (
    "NAME : tiny.txt\r\nNODES : 3\r\nREQ_EDGES : 2\r\nNOREQ_EDGES : 0\r\nREQ_ARCS : 0\r\n"
    "NOREQ_ARCS : 0\r\nVEHICLES : 1\r\nCAPACITY : 5\r\nDUMPING_COST : 20\r\nMAX_TRIP : 62\r\n"
    "LIST_REQ_EDGES :\r\n(-1,-2)\tserv_cost 10\ttrave_cost 4 demand 3\r\n"
    "(-2,-3)   serv_cost 6   trav_cost 2   demand 3\r\nDEPOT : -1\r\nDUMPING_SITES : -2"
)

# At 40 miles an hour a mile takes 90 s. Depot 0; landfill 1 a mile east; stop 2 two miles east;
# stop 3 a mile north of it.
STOPS = """\
8.0 \t\t// vehicle capacity (yards), real number\r
10\t\t// total yardage allowed for a vehicle per day, real number\r
500\t\t// total number of regular stops for a vehicle allowed per day\r
3600\t\t// lunch time duration in second, lunch time should start between 11:00am and 12:00 pm\r
40\t\t// speed: MPH\r
Stop_ID\tX(feet)\tY(feet)\tEarly_St_Time (HHMM)\tLate_St_Time (HHMM)\tLoad\r
0   -100.00   0.00  1000 1500 0  9999.00 0\r
11   5180.00   0.00  600 1700 600  9999.00 2\t\t\r
2   10460.00   0.00  0000 2400 60  4.00 1\r
3\t10460\t5280\t1215\t1275\t60\t6\t1
"""


def written(folder: Path, text: str, name: str = "tiny.dat") -> Path:
    """The text as a file, bytes as they are."""
    path = folder / name
    path.write_bytes(text.encode())
    return path
