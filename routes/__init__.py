"""How a vehicle moves: streets and the routing engine. Integers and arrays, no names, no clock."""
