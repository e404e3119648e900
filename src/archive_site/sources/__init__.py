"""What an editor has, as a witness: its lines and, if it is printed, how they are set."""
