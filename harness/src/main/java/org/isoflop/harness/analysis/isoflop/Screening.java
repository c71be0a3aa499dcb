package org.isoflop.harness.analysis.isoflop;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.isoflop.harness.analysis.isoflop.CurveModel.Fit;
import org.isoflop.harness.analysis.isoflop.CurveModel.Shape;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.points.LossPoint;

/**
 * The robust curves of all budgets: outliers and budgets most of whose runs went wrong left out.
 */
final class Screening {

  /** A curve passes through three points whatever they are. */
  private static final int FEWEST_LEFT = 3;

  private Screening() {}

  /**
   * Fits budgets of at least four different sizes each; at least one.
   *
   * @param first law of all points, which tells where to begin; may be missing
   */
  static Fit fit(List<BudgetPoints> budgets, Optional<Law> first) {
    List<LossPoint> points = budgets.stream().flatMap(budget -> budget.points().stream()).toList();
    Optional<Law> law = first.map(found -> LawScreen.refitted(points, found));
    List<BudgetPoints> sound = law.map(found -> SoundCurves.of(budgets, found)).orElse(budgets);
    Fit fit = ofSound(sound, law);
    Optional<BudgetPoints> wild = SoundCurves.wildest(fit);
    while (wild.isPresent()) {
      BudgetPoints worst = wild.get();
      sound = sound.stream().filter(budget -> !budget.group().equals(worst.group())).toList();
      fit = ofSound(sound, law);
      wild = SoundCurves.wildest(fit);
    }
    return fit;
  }

  private static Fit ofSound(List<BudgetPoints> curves, Optional<Law> law) {
    Trimming start = Trimming.of(curves);
    boolean[][] trimmed = start.kept();
    Shape shape = start.shape();
    double[] scale = start.scale();
    Optional<LawScreen> screen = law.map(found -> new LawScreen(curves, found, scale));
    if (law.isPresent()) {
      shape = new Shape(law.get().alpha(), law.get().beta(), 0);
      screen(curves, trimmed, screen.get());
    }
    boolean[][] kept = copy(trimmed);
    double[][] smooth = positive(curves, start.fitted());
    Outliers.find(new CurveModel(curves, kept, smooth), shape, scale, screen, kept);
    CurveModel model = new CurveModel(curves, kept, smooth);
    Fit solved = ShapePosterior.mode(model);
    if (!all(kept)) {
      // Again with the shape of what is left, and how far it is to be trusted.
      smooth = solved.smooth();
      kept = copy(trimmed);
      Outliers.find(new CurveModel(curves, kept, smooth), solved.shape(), scale, screen, kept);
      model = new CurveModel(curves, kept, smooth);
      solved = ShapePosterior.mode(model);
    }
    boolean[][] last = kept;
    List<BudgetPoints> trusted =
        IntStream.range(0, last.length).mapToObj(k -> curves.get(k).alongOnly(last[k])).toList();
    return ShapePosterior.mode(new CurveModel(trusted, kept, solved.smooth()));
  }

  /** Where the law calls points wrong, begins without those instead of the least fitting ones. */
  private static void screen(List<BudgetPoints> curves, boolean[][] kept, LawScreen law) {
    for (int k = 0; k < kept.length; k++) {
      int curve = k;
      int size = kept[k].length;
      int[] near = IntStream.range(0, size).filter(i -> law.near(curve, i)).toArray();
      if (near.length < size
          && near.length >= FEWEST_LEFT
          && BudgetPoints.distinct(curves.get(k).only(near).group().points()) >= FEWEST_LEFT) {
        Arrays.fill(kept[k], false);
        for (int i : near) {
          kept[k][i] = true;
        }
      }
    }
  }

  private static boolean[][] copy(boolean[][] kept) {
    return Arrays.stream(kept).map(boolean[]::clone).toArray(boolean[][]::new);
  }

  private static boolean all(boolean[][] kept) {
    for (boolean[] curve : kept) {
      for (boolean point : curve) {
        if (!point) {
          return false;
        }
      }
    }
    return true;
  }

  private static double[][] positive(List<BudgetPoints> curves, double[][] fitted) {
    for (int k = 0; k < fitted.length; k++) {
      for (int i = 0; i < fitted[k].length; i++) {
        fitted[k][i] = Math.max(fitted[k][i], curves.get(k).loss(i) / 2);
      }
    }
    return fitted;
  }
}
