package org.isoflop.harness;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cache is a help and never a danger: nothing hangs on it, and nobody else can fill it. */
final class CacheTest {

  private static final ObjectNode FACT = new ObjectMapper().createObjectNode().put("a", 0.1);

  @TempDir private Path folder;

  private static void permit(Path place, String permissions) throws IOException {
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString(permissions));
  }

  @Test
  void whatIsWrittenIsReadAndReplaced() throws IOException {
    Path place = folder.resolve("not/yet/there");
    Cache cache = new Cache(place);
    assertThat(cache.read("fact.json")).isEmpty();
    cache.write("fact.json", FACT);
    assertThat(cache.read("fact.json")).contains(FACT);
    assertThat(cache.read("another.json")).isEmpty();
    cache.write("fact.json", FACT.deepCopy().put("a", 2));
    assertThat(cache.read("fact.json").orElseThrow().get("a").asInt()).isEqualTo(2);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place)))
        .isEqualTo("rwx------");
  }

  @Test
  void whatIsDamagedIsNotRead() throws IOException {
    Cache cache = new Cache(folder);
    cache.write("fact.json", FACT);
    Path file = folder.resolve("fact.json");
    Files.writeString(file, Files.readString(file).replace("0.1", "0.2"));
    assertThat(cache.read("fact.json")).isEmpty();
  }

  @Test
  void whatAnotherBuildFoundIsNotRead() throws IOException {
    Cache cache = new Cache(folder);
    cache.write("fact.json", FACT);
    Path file = folder.resolve("fact.json");
    ObjectNode kept = SealedJson.read(file);
    SealedJson.write(file, kept);
    assertThat(cache.read("fact.json")).contains(FACT);
    SealedJson.write(file, kept.put("build", kept.get("build").asText() + "0"));
    assertThat(cache.read("fact.json")).isEmpty();
  }

  @Test
  void whatOthersCouldHaveWrittenIsNotRead() throws IOException {
    Path above = Files.createDirectory(folder.resolve("above"));
    Path place = above.resolve("cache");
    Cache cache = new Cache(place);
    cache.write("fact.json", FACT);
    permit(place.resolve("fact.json"), "rw-rw-rw-");
    assertThat(cache.read("fact.json")).as("a file of everybody's").isEmpty();
    permit(place.resolve("fact.json"), "rw-r--r--");
    permit(place, "rwxrwxrwx");
    assertThat(cache.read("fact.json")).as("a folder of everybody's").isEmpty();
    cache.write("other.json", FACT);
    assertThat(place.resolve("other.json")).as("nor written there").doesNotExist();
    permit(place, "rwxr-xr-x");
    permit(above, "rwxrwxrwx");
    assertThat(cache.read("fact.json")).as("a folder above of everybody's").isEmpty();
    Files.setAttribute(above, "unix:mode", 01777);
    assertThat(cache.read("fact.json")).as("as in /tmp").contains(FACT);
  }

  @Test
  void whereNothingCanBeKeptNothingIs() {
    Cache nowhere = new Cache(Path.of("/dev/null"));
    nowhere.write("fact.json", FACT);
    assertThat(nowhere.read("fact.json")).isEmpty();
  }

  @Test
  void itLiesWhereTheUserKeepsSuchThings() {
    Path home = Path.of("/home/one");
    assertThat(Cache.folder(Map.of(), home)).isEqualTo(home.resolve(".cache/isoflop"));
    assertThat(Cache.folder(Map.of("XDG_CACHE_HOME", "relative"), home))
        .isEqualTo(home.resolve(".cache/isoflop"));
    assertThat(Cache.folder(Map.of("XDG_CACHE_HOME", "/caches"), home))
        .isEqualTo(Path.of("/caches/isoflop"));
    assertThat(Cache.folder(Map.of("XDG_CACHE_HOME", "/caches", "ISOFLOP_CACHE", "/mine"), home))
        .isEqualTo(Path.of("/mine"));
  }
}
