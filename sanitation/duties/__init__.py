"""One file per service: district + conditions -> duties."""
