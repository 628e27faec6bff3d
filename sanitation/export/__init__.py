"""What drivers and offices take away: route sheets."""
