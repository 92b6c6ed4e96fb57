"""One file a rule, one folder a family; cases beside them, for tests only."""
