"""From a written procedure to a draft pack: it proposes, a person decides."""
