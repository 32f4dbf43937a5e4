import { isRunnable, whyNotAnImage } from '../../shared/domain/artifact.ts';

const OCI = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';
const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip';
const image = { mediaType: OCI, os: 'linux' };

describe('an image', () => {
  it.each([
    ['a single image', { manifest: OCI, type: CONFIG, layers: [LAYER] }],
    [
      'one of Docker',
      {
        manifest: 'application/vnd.docker.distribution.manifest.v2+json',
        type: 'application/vnd.docker.container.image.v1+json',
        layers: ['application/vnd.docker.image.rootfs.diff.tar.gzip'],
      },
    ],
    ['a schema 1 manifest', { manifest: 'application/vnd.docker.distribution.manifest.v1+prettyjws' }],
    ['one of which nothing is known', {}],
    ['one without a layer', { manifest: OCI, type: CONFIG, layers: [] }],
    ['an index', { manifest: INDEX, entries: [image] }],
    ['an index whose entry has no platform', { manifest: INDEX, entries: [{ mediaType: OCI }] }],
    [
      'an index with an attestation',
      { manifest: INDEX, entries: [image, { mediaType: OCI, os: 'unknown' }] },
    ],
    [
      'an index with a SOCI index',
      {
        manifest: INDEX,
        entries: [image, { ...image, artifactType: 'application/vnd.amazon.soci.index.v2+json' }],
      },
    ],
  ])('is %s', (_, artifact) => {
    expect(whyNotAnImage(artifact)).toBeUndefined();
  });
});

describe('no image', () => {
  it.each([
    ['a chart', { manifest: OCI, type: 'application/vnd.cncf.helm.config.v1+json' }, /helm/],
    ['an SBOM', { manifest: OCI, type: 'application/spdx+json' }, /spdx/],
    ['an empty configuration', { manifest: OCI, type: 'application/vnd.oci.empty.v1+json' }, /empty/],
    ['a build cache', { manifest: OCI, type: 'application/vnd.buildkit.cacheconfig.v0' }, /cacheconfig/],
    ['a plugin of Docker', { type: 'application/vnd.docker.plugin.v1+json' }, /plugin/],
    [
      'a signature with the configuration of an image',
      { manifest: OCI, type: CONFIG, layers: ['application/vnd.dev.cosign.simplesigning.v1+json'] },
      /simplesigning/,
    ],
    ['an unknown kind of manifest', { manifest: 'application/vnd.tomorrow+json' }, /tomorrow/],
    [
      'an index of layers: a build cache, too',
      {
        manifest: INDEX,
        entries: [{ mediaType: LAYER }, { mediaType: 'application/vnd.buildkit.cacheconfig.v0' }],
      },
      /index without an image/,
    ],
    [
      'an index of attestations',
      { manifest: INDEX, entries: [{ mediaType: OCI, os: 'unknown' }] },
      /index without an image/,
    ],
    ['an empty index', { manifest: INDEX, entries: [] }, /index without an image/],
  ])('is %s', (_, artifact, why) => {
    expect(whyNotAnImage(artifact)).toMatch(why);
  });

  it('is an entry of an index that says what artifact it is', () => {
    expect(isRunnable({ ...image, artifactType: 'application/vnd.amazon.soci.index.v2+json' })).toBe(false);
    expect(isRunnable(image)).toBe(true);
  });
});
