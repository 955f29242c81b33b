"""Tables that other systems give out: read by a mapping, which is data, joined by office and code, and put into a plan."""
