"""When it runs: settings, command line, flows; introduces the other packages to each other."""
