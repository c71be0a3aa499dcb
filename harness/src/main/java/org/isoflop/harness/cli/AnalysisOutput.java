package org.isoflop.harness.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.sweep.SweepFolder;

/** Decides where an analysis is written, and that it never replaces the report of another sweep. */
final class AnalysisOutput {

  private static final Path RUNS = Path.of("runs");
  private static final int LONGEST_NAME = 80;

  /** What a sweep keeps in its folder, so no group may be called that. */
  private static final Set<String> OF_A_SWEEP = Set.of("jobs", "tokens", "figures");

  private AnalysisOutput() {}

  /**
   * Returns the folder to write into: the one asked for, or else the sweep's own, or else one under
   * {@code runs/} that is called by the sources.
   *
   * @throws BadInputException if it cannot be written, or holds a sweep other than the one analysed
   */
  static Path folder(Optional<Path> asked, List<Path> sources) {
    Path folder = asked.orElseGet(() -> usual(sources));
    AtomicFiles.checkFolder(folder);
    boolean own = sources.size() == 1 && isOf(sources.get(0), folder);
    if (new SweepFolder(folder).exists() && !own) {
      throw BadInputException.of(
          "%s: holds a sweep, whose report would be overwritten; use --out with another folder",
          folder);
    }
    return folder;
  }

  private static Path usual(List<Path> sources) {
    if (sources.size() == 1 && Files.isDirectory(sources.get(0))) {
      return sources.get(0);
    }
    String names = sources.stream().map(LossPoints::nameOf).collect(Collectors.joining("+"));
    if (names.length() > LONGEST_NAME) {
      throw BadInputException.of("--out: is needed for so many sources, name a folder");
    }
    return RUNS.resolve(names);
  }

  /** Returns whether a source is the sweep in a folder, or its points. */
  private static boolean isOf(Path source, Path folder) {
    try {
      Path points = Files.isDirectory(source) ? new SweepFolder(source).points() : source;
      Path own = new SweepFolder(folder).points();
      return Files.exists(own) && Files.isSameFile(points, own);
    } catch (IOException e) {
      throw BadInputException.of("%s: cannot be read (%s)", source, e.getMessage());
    }
  }

  /**
   * Returns a folder for each group, in the order of the groups: their names with every run of
   * characters that a file system or a URL may not like replaced by a dash, and a number behind
   * those that would coincide.
   *
   * @throws BadInputException if one of them holds a sweep
   */
  static List<Path> groupFolders(Path folder, Iterable<String> groups) {
    Set<String> taken = new HashSet<>(OF_A_SWEEP);
    List<Path> folders = new ArrayList<>();
    for (String group : groups) {
      String safe = safe(group);
      String name = safe;
      for (int i = 2; !taken.add(name.toLowerCase(Locale.ROOT)); i++) {
        name = safe + "-" + i;
      }
      Path chosen = folder.resolve(name);
      AtomicFiles.checkFolder(chosen);
      if (new SweepFolder(chosen).exists()) {
        throw BadInputException.of(
            "%s: holds a sweep, whose report would be overwritten by that of group %s; use --out"
                + " with another folder",
            chosen, group);
      }
      folders.add(chosen);
    }
    return folders;
  }

  private static String safe(String group) {
    String dashed = group.replaceAll("[^A-Za-z0-9._+-]+", "-").replaceAll("^[-.]+|[-.]+$", "");
    String cut = dashed.substring(0, Math.min(dashed.length(), LONGEST_NAME));
    return cut.isEmpty() ? "group" : cut;
  }
}
