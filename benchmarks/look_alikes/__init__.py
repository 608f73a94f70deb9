"""Look-alikes: reports that share most of their words and are neither copies nor of one event."""
