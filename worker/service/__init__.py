"""The service on one machine: its supervisor and what `storywatch run` starts, the pools of its workers, its status."""
