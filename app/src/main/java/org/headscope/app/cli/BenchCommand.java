package org.headscope.app.cli;

import com.google.auto.service.AutoService;
import org.headscope.app.bench.BenchReport;
import org.headscope.app.bench.Benchmark;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headscope bench}: the figures of docs/benchmarks.md. */
@AutoService(CliCommand.class)
@Command(name = "bench", description = "Measure sweeps, mask toggles and memory on a model of GPT-2 small's shape.")
public final class BenchCommand implements CliCommand {
    @Mixin
    private CliOutput output = new CliOutput();

    @Option(names = "--full", description = "Run every cell of the by-position grid in the plain loop too (minutes).")
    private boolean full;

    @Override
    public Integer call() {
        BenchReport report = Benchmark.run(full, output::note);
        output.print(report, report::print);
        return 0;
    }
}
