package org.isoflop.harness.analysis.points;

import static java.util.Comparator.comparingDouble;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.hipparchus.stat.descriptive.moment.StandardDeviation;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.stats.Projection;

/**
 * Several settings of one cell (learning rates, batches) are one point: the best of them, by the
 * mean loss over its seeds, which stay as replicates. Averages over settings would be of nothing
 * that anyone would train.
 *
 * <p>Repeats that no column tells apart are taken for settings where they lie much further apart
 * than the best of every cell lies from a smooth curve; seeds would scatter the best as much.
 */
final class Settings {

  /** What trackers and papers call what is tuned at a cell, whatever stands before it. */
  private static final Set<String> NAMES =
      Set.of(
          ("lr learning_rate peak_lr max_lr base_lr lr_max peak_learning_rate max_learning_rate"
                  + " batch batch_size batch_tokens global_batch_size train_batch_size beta1 beta2"
                  + " adam_beta1 adam_beta2 adam_b1 adam_b2 weight_decay wd warmup warmup_steps"
                  + " warmup_tokens warmup_ratio schedule lr_schedule scheduler lr_scheduler"
                  + " lr_scheduler_type cooldown decay dropout optimizer momentum eps grad_clip"
                  + " max_grad_norm init_std init_scale")
              .split(" "));

  /** Tokens of one cell differ by whole steps of other batches, as a share. */
  private static final double SAME_TOKENS = 0.05;

  /** The same where no budget says that rows belong together. */
  private static final double SAME_TOKENS_ALONE = 0.01;

  /** Repeats scattered by so many times what the best of the cells do are other settings. */
  private static final double APART = 3;

  private static final double LEAST_APART = 0.005;

  /** Standard deviation of ln loss between repeats beyond that of any seeds. */
  private static final double ALWAYS_APART = 0.03;

  /** Fewer degrees of freedom say too little of how the best ones scatter. */
  private static final int FEWEST_FREE = 8;

  private Settings() {}

  /** Returns whether a header is known for a setting, such as {@code config.optimizer/lr}. */
  static boolean isKnown(String header) {
    String name = header.substring(1 + Math.max(header.lastIndexOf('/'), header.lastIndexOf('.')));
    return NAMES.contains(name.strip().toLowerCase(Locale.ROOT).replace('-', '_'));
  }

  /** What makes runs candidates for one cell. */
  record Size(OptionalDouble budget, double params) {
    static Size of(Run run) {
      return new Size(run.budget(), run.params());
    }
  }

  /** A setting that a cell was also trained with, and that was worse or diverged. */
  record Tried(Size size, Map<String, String> setting) {}

  /**
   * Returns the runs of the best setting of every cell, in their order.
   *
   * @param tried settings whose rows say that they are not the best of their cells
   */
  static List<Run> best(List<Run> runs, List<Tried> tried, Remarks remarks) {
    List<List<Run>> best = new ArrayList<>();
    Set<String> names = new TreeSet<>();
    int tuned = 0;
    int most = 0;
    for (List<Run> cell : cells(runs)) {
      Map<Map<String, String>, List<Run>> settings =
          cell.stream().collect(groupingBy(Run::setting, LinkedHashMap::new, toList()));
      if (settings.size() > 1) {
        tuned++;
        most = Math.max(most, settings.size());
        Set<Map.Entry<String, String>> shared = new HashSet<>(cell.get(0).setting().entrySet());
        settings.keySet().forEach(setting -> shared.retainAll(setting.entrySet()));
        settings.keySet().forEach(setting -> names.addAll(setting.keySet()));
        shared.forEach(entry -> names.remove(entry.getKey()));
      }
      best.add(settings.values().stream().min(comparingDouble(Settings::mean)).orElseThrow());
    }
    int left = best.stream().mapToInt(List::size).sum();
    if (tuned > 0) {
      remarks.warn(
          "%s of budget and size %s up to %d settings (%s): the best of each is its point, by the"
              + " mean over its seeds; %d of %d rows were left out.",
          Quantities.plural(tuned, "cell"),
          tuned == 1 ? "has" : "have",
          most,
          String.join(", ", names),
          runs.size() - left,
          runs.size());
    }
    edges(best, runs, tried, remarks);
    List<List<Run>> unexplained = best.stream().filter(Settings::unexplained).toList();
    double apart = apart(unexplained, best);
    if (apart > 0) {
      best.replaceAll(cell -> unexplained(cell) ? List.of(lowest(cell)) : cell);
      int repeats = left - best.stream().mapToInt(List::size).sum();
      remarks.warn(
          "Repeats at %s lie %s apart, too far for seeds, and no column says why: taken for"
              + " settings, of which the best is the point; %d of %d rows were left out. --setting"
              + " HEADER names the column; a seed column keeps all.",
          Quantities.plural(unexplained.size(), "cell"),
          Quantities.percent(apart),
          repeats,
          runs.size());
    }
    Set<Run> kept = new HashSet<>();
    best.forEach(kept::addAll);
    return runs.stream().filter(kept::contains).toList();
  }

  /** Says where a best setting is the least or the largest of those tried at its cell. */
  private static void edges(
      List<List<Run>> best, List<Run> runs, List<Tried> worse, Remarks remarks) {
    Map<Size, List<Map<String, String>>> tried =
        Stream.concat(
                worse.stream(), runs.stream().map(run -> new Tried(Size.of(run), run.setting())))
            .collect(groupingBy(Tried::size, mapping(Tried::setting, toList())));
    Map<String, List<Run>> smallest = new TreeMap<>();
    Map<String, List<Run>> largest = new TreeMap<>();
    Map<String, Integer> tuned = new HashMap<>();
    for (List<Run> cell : best) {
      Run point = cell.get(0);
      // Without a budget nothing says which rows of a size are of one cell.
      Map<String, String> own = point.budget().isEmpty() ? Map.of() : point.setting();
      own.forEach(
          (name, value) -> {
            double[] values =
                tried.get(Size.of(point)).stream()
                    .map(setting -> Quantities.parseNumber(setting.getOrDefault(name, "")))
                    .flatMapToDouble(OptionalDouble::stream)
                    .distinct()
                    .sorted()
                    .toArray();
            double found = Quantities.parseNumber(value).orElse(Double.NaN);
            if (values.length > 1 && !Double.isNaN(found)) {
              tuned.merge(name, 1, Integer::sum);
              if (found == values[0]) {
                smallest.computeIfAbsent(name, any -> new ArrayList<>()).add(point);
              } else if (found == values[values.length - 1]) {
                largest.computeIfAbsent(name, any -> new ArrayList<>()).add(point);
              }
            }
          });
    }
    smallest.forEach((name, at) -> edge(name, "smallest", at, tuned.get(name), remarks));
    largest.forEach((name, at) -> edge(name, "largest", at, tuned.get(name), remarks));
  }

  private static void edge(String name, String end, List<Run> at, int tuned, Remarks remarks) {
    Run first = at.get(0);
    remarks.warn(
        "At %d of %d cells the best %s is the %s that was tried (%s FLOPs, %s params%s); one"
            + " beyond it may be better.",
        at.size(),
        tuned,
        name,
        end,
        Quantities.flops(first.budget().orElseThrow()),
        Quantities.count(first.params()),
        at.size() > 1 ? " the first" : "");
  }

  private static Run lowest(List<Run> cell) {
    return cell.stream().min(comparingDouble(Run::loss)).orElseThrow();
  }

  private static double mean(List<Run> runs) {
    return runs.stream().mapToDouble(Run::loss).average().orElseThrow();
  }

  private static List<List<Run>> cells(List<Run> runs) {
    Map<Size, List<Run>> sizes =
        runs.stream().collect(groupingBy(Size::of, LinkedHashMap::new, toList()));
    List<List<Run>> cells = new ArrayList<>();
    sizes.forEach(
        (size, all) -> {
          double width = size.budget().isPresent() ? SAME_TOKENS : SAME_TOKENS_ALONE;
          List<Run> cell = List.of();
          for (Run run : all.stream().sorted(comparingDouble(Run::tokens)).toList()) {
            if (cell.isEmpty() || run.tokens() > cell.get(0).tokens() * (1 + width)) {
              cell = new ArrayList<>();
              cells.add(cell);
            }
            cell.add(run);
          }
        });
    return cells;
  }

  private static boolean unexplained(List<Run> cell) {
    return cell.stream().map(Run::lineage).distinct().count() > 1
        && cell.stream().allMatch(run -> run.seed().isEmpty());
  }

  /** Returns by how much repeats lie apart where that is too much for seeds, else 0. */
  private static double apart(List<List<Run>> unexplained, List<List<Run>> cells) {
    if (unexplained.isEmpty()) {
      return 0;
    }
    double[] spreads = unexplained.stream().mapToDouble(Settings::spread).sorted().toArray();
    double spread = spreads[spreads.length / 2];
    // Rows whose budgets differ by rounding belong together; that a few are parted does no harm.
    Map<Long, List<Run>> budgets =
        cells.stream()
            .map(Settings::lowest)
            .filter(best -> best.budget().isPresent())
            .collect(
                groupingBy(
                    best -> Math.round(100 * Math.log(best.budget().getAsDouble())),
                    LinkedHashMap::new,
                    toList()));
    double squares = 0;
    int free = 0;
    for (List<Run> budget : budgets.values()) {
      int own = budget.size() - 3;
      if (own > 0) {
        free += own;
        squares += squares(budget);
      }
    }
    boolean far =
        free >= FEWEST_FREE
            ? spread > Math.max(LEAST_APART, APART * Math.sqrt(squares / free))
            : spread > ALWAYS_APART;
    return far ? spread : 0;
  }

  private static double spread(List<Run> cell) {
    return new StandardDeviation()
        .evaluate(cell.stream().mapToDouble(run -> Math.log(run.loss())).toArray());
  }

  /** Returns the squares that a quadratic of ln loss on ln N leaves over, few N or many. */
  private static double squares(List<Run> runs) {
    double first = runs.get(0).params();
    double[] z = runs.stream().mapToDouble(run -> Math.log(run.params() / first)).toArray();
    Projection left =
        new Projection(runs.stream().mapToDouble(run -> Math.log(run.loss())).toArray());
    left.explain(Arrays.stream(z).map(x -> 1).toArray());
    left.explain(z);
    left.explain(Arrays.stream(z).map(x -> x * x).toArray());
    return left.squares();
  }
}
