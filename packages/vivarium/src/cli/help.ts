export const help = `Usage: vivarium run [options] <file | -> [arguments]
       vivarium run [options] -e CODE [arguments]

Runs a JavaScript or TypeScript program in a sandbox with Node 22's API. The project (the nearest folder with a
package.json, else the file's folder) is readable at /app; everything else is denied.

  -e, --eval CODE           run CODE
  -p, --print CODE          run CODE and print its value
  -r, --require MODULE      load MODULE first (repeatable)
      --allow-all           allow every domain; private addresses still have to be named
      --allow-fs-read PATHS allow reading these guest paths and all below them (comma-separated)
      --allow-fs-write PATHS
                            allow changing these guest paths and all below them
      --allow-net HOSTS     allow connections: api.example.com:443, *.example.org
      --allow-run COMMANDS  allow starting these commands
      --allow-env KEYS      show these environment variables to the program
      --mount HOST:GUEST[:ro|rw]
                            show a host folder at GUEST, read-only unless rw
      --cwd DIR             the program's working directory, a guest path
      --compat PROFILE      baseline (default) or full
      --memory-mb N         heap limit, MiB (128)
      --cpu-ms N            CPU time limit, milliseconds (30000; 0: none)
      --wall-ms N           limit on the clock, milliseconds (120000; 0: none)
      --report FILE         write how the run ended as JSON: code, outcome, error, usage
      --no-native-helper    run as on a machine where the native helper could not be built
      --log-level LEVEL     the host's own log on standard error, JSON lines: debug, info, warn, error
  -h, --help                this text
  -v, --version             the version of vivarium

The exit code is the program's; 124 after a time limit, 137 after the memory limit, 9 for a bad command line.
`;
