package io.checkoutgateway.testing;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine;

/** A person's terminal, at which a family of commands is run. */
public final class Terminal {
    private final Supplier<?> commands;
    private final String[] always;

    /**
     * One for this family.
     *
     * @param commands makes it, anew for each run; a {@link CommandLine} keeps what it says of failures
     * @param always what follows the name of each command
     */
    public Terminal(Supplier<?> commands, String... always) {
        this.commands = commands;
        this.always = always.clone();
    }

    /** What a command came to. */
    public record Result(int code, String out, String err) {
        public List<String> lines() {
            return out.lines().toList();
        }
    }

    /** Runs a command to its end. */
    public Result run(String command, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(Stream.of(new String[] {command}, always, arguments)
                        .flatMap(Stream::of)
                        .toArray(String[]::new));
        return new Result(code, out.toString(), err.toString());
    }

    private CommandLine commandLine() {
        Object made = commands.get();
        return made instanceof CommandLine ready ? ready : new CommandLine(made);
    }
}
