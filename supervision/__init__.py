"""What is followed up: supervision slips and coordination items."""
