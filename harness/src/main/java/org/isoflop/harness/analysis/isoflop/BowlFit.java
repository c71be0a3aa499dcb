package org.isoflop.harness.analysis.isoflop;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.points.LossPoint;

/**
 * The robust curves of all budgets: one shape, a bowl each, outliers left out.
 *
 * <p>Why not a parabola: over curves wider than the bowl its vertex follows the far points, and one
 * diverged run moves it by as much again (see {@code CurveFit} for what it is). Here far points are
 * described by the form itself, count less as far as the data say that the form fails there, and
 * runs that do not belong are found and left out.
 */
final class BowlFit {

  /** A bowl passes through three points whatever they are. */
  private static final int FEWEST_LEFT = 3;

  private static final double SMALLEST_LOSS = 1e-300;

  private final BowlModel model;
  private final boolean[][] kept;
  private final BowlModel.Solved mode;

  private BowlFit(BowlModel model, boolean[][] kept, BowlModel.Solved mode) {
    this.model = model;
    this.kept = kept;
    this.mode = mode;
  }

  /**
   * Fits curves of at least four different sizes each; at least one.
   *
   * @param first law of all points, which tells where to begin; may be missing
   */
  static BowlFit of(List<Curve> curves, Optional<Law> first) {
    List<LossPoint> points =
        curves.stream().flatMap(curve -> curve.group().points().stream()).toList();
    Optional<Law> law = first.map(found -> LawScreen.refitted(points, found));
    List<Curve> sound = law.map(found -> SoundCurves.of(curves, found)).orElse(curves);
    BowlFit fit = ofSound(sound, law);
    Optional<Curve> wild = SoundCurves.wildest(fit);
    while (wild.isPresent()) {
      Curve worst = wild.get();
      sound = sound.stream().filter(curve -> !curve.group().equals(worst.group())).toList();
      fit = ofSound(sound, law);
      wild = SoundCurves.wildest(fit);
    }
    return fit;
  }

  /** Fits curves none of whose points is an outlier. */
  static BowlFit ofClean(List<Curve> curves) {
    boolean[][] kept = new boolean[curves.size()][];
    double[][] smooth = new double[curves.size()][];
    for (int k = 0; k < kept.length; k++) {
      Curve curve = curves.get(k);
      kept[k] = new boolean[curve.size()];
      Arrays.fill(kept[k], true);
      smooth[k] = IntStream.range(0, curve.size()).mapToDouble(curve::loss).toArray();
    }
    BowlModel model = new BowlModel(curves, kept, smooth);
    return new BowlFit(model, kept, ShapeSearch.mode(model));
  }

  private static BowlFit ofSound(List<Curve> curves, Optional<Law> law) {
    Trimming start = Trimming.of(curves);
    boolean[][] trimmed = start.kept();
    BowlShape shape = start.shape();
    double[] scale = start.scale();
    Optional<LawScreen> screen = law.map(found -> new LawScreen(curves, found, scale));
    if (law.isPresent()) {
      shape = new BowlShape(law.get().alpha(), law.get().beta(), 0);
      screen(curves, trimmed, screen.get());
    }
    boolean[][] kept = copy(trimmed);
    double[][] smooth = positive(curves, start.fitted());
    Outliers.find(new BowlModel(curves, kept, smooth), shape, scale, screen, kept);
    BowlModel model = new BowlModel(curves, kept, smooth);
    BowlModel.Solved solved = ShapeSearch.mode(model);
    if (!all(kept)) {
      // Again with the shape of what is left, and how far it is to be trusted.
      smooth = positive(curves, fitted(curves, solved));
      kept = copy(trimmed);
      Outliers.find(new BowlModel(curves, kept, smooth), solved.shape(), scale, screen, kept);
      model = new BowlModel(curves, kept, smooth);
      solved = ShapeSearch.mode(model);
    }
    double[][] last = positive(curves, fitted(curves, solved));
    model = new BowlModel(trusted(curves, kept), kept, last);
    return new BowlFit(model, kept, ShapeSearch.mode(model));
  }

  /** Where the law calls points wrong, begins without those instead of the least fitting ones. */
  private static void screen(List<Curve> curves, boolean[][] kept, LawScreen law) {
    for (int k = 0; k < kept.length; k++) {
      int curve = k;
      int size = kept[k].length;
      int[] near = IntStream.range(0, size).filter(i -> law.near(curve, i)).toArray();
      if (near.length < size
          && near.length >= FEWEST_LEFT
          && Curve.distinct(curves.get(k).only(near).group().points()) >= FEWEST_LEFT) {
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

  private static List<Curve> trusted(List<Curve> curves, boolean[][] kept) {
    return IntStream.range(0, kept.length).mapToObj(k -> curves.get(k).alongOnly(kept[k])).toList();
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

  private static double[][] fitted(List<Curve> curves, BowlModel.Solved solved) {
    double[][] fitted = new double[curves.size()][];
    for (int k = 0; k < fitted.length; k++) {
      Curve curve = curves.get(k);
      Bowl bowl = solved.bowl(curve, k);
      fitted[k] = new double[curve.size()];
      for (int i = 0; i < curve.size(); i++) {
        fitted[k][i] = bowl.lossAt(curve.x(i), curve.d(i));
      }
    }
    return fitted;
  }

  /** A fit may run below zero far out; a loss does not, and weights need one that is positive. */
  private static double[][] positive(List<Curve> curves, double[][] fitted) {
    for (int k = 0; k < fitted.length; k++) {
      for (int i = 0; i < fitted[k].length; i++) {
        fitted[k][i] = Math.max(fitted[k][i], curves.get(k).loss(i) / 2);
      }
    }
    return fitted;
  }

  BowlModel model() {
    return model;
  }

  /** Returns the bowls of the most likely shape. */
  BowlModel.Solved mode() {
    return mode;
  }

  /** Returns whether a point belongs to its curve. */
  boolean kept(int k, int point) {
    return kept[k][point];
  }

  /** Returns the most likely bowl of curve k. */
  Bowl bowl(int k) {
    return mode.bowl(model.curves().get(k), k);
  }

  /** Returns ln of a point's loss over its curve. */
  double residual(int k, int point) {
    Curve curve = model.curves().get(k);
    double fitted = bowl(k).lossAt(curve.x(point), curve.d(point));
    return Math.log(curve.loss(point) / Math.max(fitted, SMALLEST_LOSS));
  }

  /**
   * Returns the standard deviation of ln N* of curve k for a given shape, where it has a bottom, by
   * the delta method: at the bottom alpha·p·exp(−alpha·x) balances the term of tokens.
   */
  double deviation(int k) {
    Bowl bowl = bowl(k);
    double bend =
        mode.shape().alpha() - mode.shape().beta() * bowl.curve().tokensSlope(bowl.bottom());
    double relative = mode.solution(k).leverage(0, 1 / bowl.p(), -1 / bowl.q());
    double lnFlops = Math.log(bowl.curve().group().flops());
    return Math.exp(noise().law().ln(lnFlops)) * Math.sqrt(relative) / bend;
  }

  /** Returns the relative noise of the losses. */
  BudgetNoise noise() {
    return mode.noise();
  }
}
