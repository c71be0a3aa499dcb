package org.isoflop.harness.analysis;

import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import org.isoflop.harness.analysis.points.LossPoints;

/** The public point sets among the test resources; their README names the sources. */
public final class ReferencePoints {

  /** 240 runs of Chinchilla's figure 4; Besiroglu et al. 2024. */
  public static final String CHINCHILLA = "chinchilla_svg_240.csv";

  /** 116 runs of Llama 3's figure 2. */
  public static final String LLAMA = "llama3.csv";

  /** A law with A = B and α = β, without noise. */
  public static final String SYMMETRIC = "synth_symmetric.csv";

  private ReferencePoints() {}

  /** Reads a set through the reader that every CSV goes through. */
  public static LossPoints read(String name) {
    URL resource = ReferencePoints.class.getResource("/reference/" + name);
    if (resource == null) {
      throw new UncheckedIOException(new FileNotFoundException(name));
    }
    try {
      URI uri = resource.toURI();
      return LossPoints.read(Path.of(uri));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
