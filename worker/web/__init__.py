"""The few pages people see: status, a digest's archive page, and unsubscribing."""
