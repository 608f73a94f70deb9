"""Topics as rows: what matched and why, what people say of that, and topics applied again to stored articles."""
