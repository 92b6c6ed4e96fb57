"""What the workspace means: names resolved across files, options in force."""
