"""What the documentation site is built from, beside the manual in `okrctl/docs`."""
