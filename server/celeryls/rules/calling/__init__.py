"""Rules about sending tasks: arguments and options of calls."""
