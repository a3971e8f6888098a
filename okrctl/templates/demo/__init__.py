"""An invented company with four teams and half a year of history, to try every command on."""
