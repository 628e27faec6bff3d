"""Who and with what: vehicles, drivers, hours, money."""
