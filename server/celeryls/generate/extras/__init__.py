"""What goes with a task that exists: metrics of it, a test of it."""
