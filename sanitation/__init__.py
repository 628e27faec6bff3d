"""What must be done and when: districts, duties, plans, and the referee that judges them."""
