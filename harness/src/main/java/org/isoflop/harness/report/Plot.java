package org.isoflop.harness.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.isoflop.harness.analysis.stats.Interval;
import org.isoflop.harness.report.Canvas.Anchor;
import org.isoflop.harness.report.Canvas.Pen;
import org.isoflop.harness.report.Canvas.TextStyle;

/**
 * Two axes and what stands between them, in layers of one colour each; all of it in the values of
 * the axes. A value outside is drawn at the nearer end.
 */
final class Plot {

  /** Marks moved to an end still stand inside by this share, and so are whole. */
  private static final double EDGE = 0.018;

  private final String title;
  private final Axis x;
  private final Axis y;
  private final List<Layer> layers = new ArrayList<>();

  /** Takes a title as plain text, which may be empty. */
  Plot(String title, Axis x, Axis y) {
    this.title = title;
    this.x = x;
    this.y = y;
  }

  String title() {
    return title;
  }

  Axis x() {
    return x;
  }

  Axis y() {
    return y;
  }

  /**
   * Adds a layer above those before it.
   *
   * @param names under which a reader can hide it, apart by spaces; may be empty
   */
  Layer layer(String names, Ink ink) {
    Layer layer = new Layer(names.strip(), ink);
    layers.add(layer);
    return layer;
  }

  /** What a plot shows in one colour, drawn in the order in which it is added. */
  final class Layer {

    private final String names;
    private final Ink ink;
    private final List<Consumer<Canvas>> parts = new ArrayList<>();

    private Layer(String names, Ink ink) {
      this.names = names;
      this.ink = ink;
    }

    /** Adds a line through places, of at least two. */
    <T> void line(
        List<T> places, ToDoubleFunction<T> atX, ToDoubleFunction<T> atY, Pen pen, String tip) {
      if (places.size() > 1) {
        line(values(places, atX), values(places, atY), pen, tip);
      }
    }

    /** Adds a line through places; a height that is not a number breaks it. */
    void line(double[] xs, double[] ys, Pen pen, String tip) {
      parts.add(canvas -> canvas.line(across(xs), down(ys), pen, tip));
    }

    /** Adds a straight line without a tip. */
    void line(double fromX, double fromY, double toX, double toY, Pen pen) {
      line(new double[] {fromX, toX}, new double[] {fromY, toY}, pen, "");
    }

    /** Adds a straight line over the whole width. */
    void level(double at, Pen pen, String tip) {
      parts.add(canvas -> canvas.line(new double[] {0, 1}, down(new double[] {at, at}), pen, tip));
    }

    /** Adds a band between the ends of intervals, of at least two. */
    <T> void band(
        List<T> places, ToDoubleFunction<T> atX, Function<T, Interval> interval, double opacity) {
      if (places.size() < 2) {
        return;
      }
      List<T> back = new ArrayList<>(places);
      Collections.reverse(back);
      double[] xs = join(values(places, atX), values(back, atX));
      double[] ys =
          join(
              values(places, place -> interval.apply(place).low()),
              values(back, place -> interval.apply(place).high()));
      parts.add(canvas -> canvas.area(across(xs), down(ys), opacity));
    }

    /** Adds a band over the whole width. */
    void band(Interval interval, double opacity) {
      double[] ys = {interval.low(), interval.low(), interval.high(), interval.high()};
      parts.add(canvas -> canvas.area(new double[] {0, 1, 1, 0}, down(ys), opacity));
    }

    /** Adds a mark, whole where it lies outside. */
    void mark(Symbol symbol, double atX, double atY, String tip) {
      parts.add(canvas -> canvas.mark(symbol, whole(x.share(atX)), 1 - whole(y.share(atY)), tip));
    }

    /**
     * Adds an upright interval; an end that is not seen gets no cap, or it would look like a bound.
     */
    void upright(double atX, Interval interval) {
      line(atX, interval.low(), atX, interval.high(), Pen.INTERVAL);
      for (double end : new double[] {interval.low(), interval.high()}) {
        if (y.holds(end)) {
          mark(Symbol.FLAT_CAP, atX, end, "");
        }
      }
    }

    /** Adds an interval that lies, as {@link #upright} does. */
    void lying(double atY, Interval interval) {
      line(interval.low(), atY, interval.high(), atY, Pen.INTERVAL);
      for (double end : new double[] {interval.low(), interval.high()}) {
        if (x.holds(end)) {
          mark(Symbol.UPRIGHT_CAP, end, atY, "");
        }
      }
    }

    /** Writes a text that ends just left of a place, above it. */
    void note(String text, double atX, double atY) {
      parts.add(
          canvas ->
              canvas.text(
                  text, TextStyle.NOTE, Anchor.END, x.share(atX), 1 - y.share(atY), -5, -5));
    }

    /** Returns the middle between two values across, moved by a share of the width. */
    double between(double from, double to, double shift) {
      double share = (x.share(from) + x.share(to)) / 2 + shift;
      double at = x.low() + share * (x.high() - x.low());
      return x.log() ? Math.pow(10, at) : at;
    }

    private void draw(Canvas canvas) {
      canvas.layer(names, ink, inner -> parts.forEach(part -> part.accept(inner)));
    }

    private double[] across(double[] xs) {
      return Arrays.stream(xs).map(x::share).toArray();
    }

    private double[] down(double[] ys) {
      return Arrays.stream(ys).map(at -> 1 - y.share(at)).toArray();
    }
  }

  /** Draws all of it, axes included, over the whole of a canvas; their labels stand around it. */
  void draw(Canvas canvas) {
    axes(canvas);
    layers.forEach(layer -> layer.draw(canvas));
  }

  private void axes(Canvas canvas) {
    Predicate<Axis.Tick> onAnyWidth = x.few()::contains;
    rule(canvas, "", x.ticks().stream().filter(onAnyWidth), y.ticks().stream());
    rule(canvas, Canvas.WIDE, x.ticks().stream().filter(onAnyWidth.negate()), Stream.of());
    rule(canvas, Canvas.NARROW, x.few().stream().filter(t -> !x.ticks().contains(t)), Stream.of());
    canvas.layer(
        "",
        Ink.SOFT,
        c -> {
          c.text(y.name(), TextStyle.NAME, Anchor.START, 0, 0, Figure.TO_NAME, -16);
          c.text(x.name(), TextStyle.NAME, Anchor.MIDDLE, 0.5, 1, 0, 42);
        });
    canvas.layer(
        "", Ink.FRAME, c -> c.line(new double[] {0, 0, 1}, new double[] {0, 1, 1}, Pen.HAIR, ""));
  }

  /** Draws ticks as lines of a grid, with their labels. */
  private void rule(
      Canvas canvas, String width, Stream<Axis.Tick> across, Stream<Axis.Tick> upwards) {
    List<Axis.Tick> xs = across.toList();
    List<Axis.Tick> ys = upwards.toList();
    if (xs.isEmpty() && ys.isEmpty()) {
      return;
    }
    double[] ends = {0, 1};
    canvas.layer(
        width,
        Ink.GRID,
        c -> {
          xs.forEach(tick -> c.line(twice(x.share(tick)), ends, Pen.HAIR, ""));
          ys.forEach(tick -> c.line(ends, twice(1 - y.share(tick)), Pen.HAIR, ""));
        });
    canvas.layer(
        width,
        Ink.SOFT,
        c -> {
          for (Axis.Tick tick : xs) {
            c.text(tick.label(), TextStyle.LABEL, Anchor.MIDDLE, x.share(tick), 1, 0, 20);
          }
          for (Axis.Tick tick : ys) {
            c.text(tick.label(), TextStyle.LABEL, Anchor.END, 0, 1 - y.share(tick), -8, 4);
          }
        });
  }

  private static double[] twice(double place) {
    return new double[] {place, place};
  }

  private static double whole(double share) {
    return share <= 0 ? EDGE : share >= 1 ? 1 - EDGE : share;
  }

  private static <T> double[] values(List<T> places, ToDoubleFunction<T> value) {
    return places.stream().mapToDouble(value).toArray();
  }

  private static double[] join(double[] first, double[] second) {
    double[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
