import { createHash } from 'node:crypto';
import type { Caller } from '../caller.ts';

const repositoryName = 'team/web';
const CONFIG = 'application/vnd.oci.image.config.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';

function manifestOf(content: string): string {
  const digest = digestOf(content);
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: { mediaType: CONFIG, digest, size: 2 },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest, size: 1234 }],
  });
}

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/** Every operation of ECR, on images with tags, without, and under an index. */
export async function ecr({ call, refused, control }: Caller): Promise<void> {
  await call('CreateRepository', {
    repositoryName,
    imageTagMutability: 'MUTABLE',
    imageScanningConfiguration: { scanOnPush: true },
    tags: [{ Key: 'a', Value: 'b' }],
  });
  await call('DescribeRepositories', { repositoryNames: [repositoryName] });
  await settings({ call, refused });
  await call('GetAuthorizationToken');
  const manifest = manifestOf('one');
  await call('PutImage', {
    repositoryName,
    imageManifest: manifest,
    imageManifestMediaType: MANIFEST,
    imageTag: '1',
  });
  await call('PutImage', { repositoryName, imageManifest: manifestOf('two') });
  const index = JSON.stringify({
    schemaVersion: 2,
    mediaType: INDEX,
    manifests: [{ mediaType: MANIFEST, digest: digestOf(manifest), size: manifest.length }],
  });
  await call('PutImage', {
    repositoryName,
    imageManifest: index,
    imageManifestMediaType: INDEX,
    imageTag: 'multi',
  });
  await call('BatchGetImage', {
    repositoryName,
    imageIds: [{ imageTag: '1' }, { imageTag: 'none' }],
    acceptedMediaTypes: [MANIFEST, INDEX],
  });
  await call('DescribeImages', { repositoryName });
  await call('DescribeImages', { repositoryName, imageIds: [{ imageTag: 'multi' }] });
  await call('DescribeImages', { repositoryName, filter: { tagStatus: 'UNTAGGED' } });
  await refused(
    'DescribeImages',
    { repositoryName, registryId: '210987654321' },
    'RepositoryNotFoundException',
  );
  const attached = JSON.stringify({
    ...JSON.parse(manifestOf('sbom')),
    artifactType: 'application/spdx+json',
    annotations: { by: 'oras' },
    subject: { mediaType: MANIFEST, digest: digestOf(manifest), size: manifest.length },
  });
  await call('PutImage', { repositoryName, imageManifest: attached });
  await call('DescribeImages', { repositoryName, imageIds: [{ imageDigest: digestOf(attached) }] });
  const subjectId = { imageDigest: digestOf(manifest) };
  await call('ListImageReferrers', { repositoryName, subjectId });
  await call('ListImageReferrers', {
    repositoryName,
    subjectId,
    filter: { artifactTypes: ['application/spdx+json'] },
    maxResults: 1,
  });
  await call('ListImages', { repositoryName, filter: { tagStatus: 'TAGGED' }, maxResults: 1 });
  await control('push', { repository: repositoryName, tag: 'pushed', content: 'pushed' });
  const layer = digestOf('pushed for linux/amd64');
  await call('BatchCheckLayerAvailability', { repositoryName, layerDigests: [layer, digestOf('none')] });
  await call('GetDownloadUrlForLayer', { repositoryName, layerDigest: layer });
  await call('BatchDeleteImage', {
    repositoryName,
    imageIds: [{ imageTag: 'none' }, { imageDigest: digestOf(manifest) }, { imageTag: 'pushed' }],
  });
  await call('PutImageTagMutability', { repositoryName, imageTagMutability: 'IMMUTABLE' });
  await refused('CreateRepository', { repositoryName }, 'RepositoryAlreadyExistsException');
  await refused(
    'PutImage',
    { repositoryName, imageManifest: manifest, imageTag: '1' },
    'ImageAlreadyExistsException',
  );
  await refused(
    'PutImage',
    { repositoryName, imageManifest: manifestOf('three'), imageTag: '1' },
    'ImageTagAlreadyExistsException',
  );
  await refused(
    'PutImage',
    { repositoryName, imageManifest: manifestOf('three'), imageDigest: digestOf('other') },
    'ImageDigestDoesNotMatchException',
  );
  const broken = JSON.stringify({ schemaVersion: 2, manifests: [{ digest: digestOf('none') }] });
  await refused(
    'PutImage',
    { repositoryName, imageManifest: broken, imageTag: 'x' },
    'ReferencedImagesNotFoundException',
  );
  await refused('PutImage', { repositoryName, imageManifest: 'not JSON' }, 'InvalidParameterException');
  await refused(
    'DescribeImages',
    { repositoryName, imageIds: [{ imageTag: 'none' }] },
    'ImageNotFoundException',
  );
  await refused('ListImages', { repositoryName: 'none' }, 'RepositoryNotFoundException');
  await refused(
    'GetDownloadUrlForLayer',
    { repositoryName, layerDigest: digestOf('none') },
    'LayersNotFoundException',
  );
  await refused('DeleteRepository', { repositoryName }, 'RepositoryNotEmptyException');
  await scans({ call, refused, control });
  await call('DeleteRepository', { repositoryName, force: true });
}

/** What scans found, in a repository that scans on push no longer. */
async function scans({
  call,
  refused,
  control,
}: Pick<Caller, 'call' | 'refused' | 'control'>): Promise<void> {
  const imageId = { imageTag: 'scanned' };
  await call('PutImage', {
    repositoryName,
    imageManifest: manifestOf('scanned'),
    imageManifestMediaType: MANIFEST,
    imageTag: imageId.imageTag,
  });
  await refused('DescribeImageScanFindings', { repositoryName, imageId }, 'ScanNotFoundException');
  await control('findings', { repository: repositoryName, tag: imageId.imageTag, critical: 2 });
  const { imageScanFindings } = await call('DescribeImageScanFindings', { repositoryName, imageId });
  expect(imageScanFindings.findingSeverityCounts).toEqual({ CRITICAL: 2 });
  await refused(
    'DescribeImageScanFindings',
    { repositoryName, imageId: { imageTag: 'none' } },
    'ImageNotFoundException',
  );
}

/** Every operation on the settings of a repository. */
async function settings({ call, refused }: Pick<Caller, 'call' | 'refused'>): Promise<void> {
  const resourceArn = `arn:aws:ecr:us-east-1:123456789012:repository/${repositoryName}`;
  const name = { repositoryName };
  const frozen = {
    imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
    imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'latest*' }],
  };
  await call('PutImageTagMutability', { ...name, ...frozen });
  await call('DescribeRepositories', { repositoryNames: [repositoryName] });
  await call('PutImageTagMutability', { ...name, imageTagMutability: 'MUTABLE' });
  await call('PutImageScanningConfiguration', { ...name, imageScanningConfiguration: { scanOnPush: false } });
  await call('BatchGetRepositoryScanningConfiguration', { repositoryNames: [repositoryName, 'none'] });
  await call('GetRegistryScanningConfiguration');
  const destinations = [{ region: 'eu-west-1', registryId: '210987654321' }];
  const replicationConfiguration = {
    rules: [{ destinations, repositoryFilters: [{ filter: 'none/', filterType: 'PREFIX_MATCH' }] }],
  };
  await call('PutReplicationConfiguration', { replicationConfiguration });
  await call('DescribeRegistry');
  await call('PutReplicationConfiguration', { replicationConfiguration: { rules: [] } });
  await refused('GetRegistryPolicy', {}, 'RegistryPolicyNotFoundException');
  await refused('PutRegistryPolicy', { policyText: 'no' }, 'InvalidParameterException');
  await call('PutRegistryPolicy', { policyText: '{"Version":"2012-10-17","Statement":[]}' });
  await call('GetRegistryPolicy');
  await refused('GetLifecyclePolicy', name, 'LifecyclePolicyNotFoundException');
  await call('PutLifecyclePolicy', { ...name, lifecyclePolicyText: '{"rules":[]}' });
  await call('GetLifecyclePolicy', name);
  await call('DeleteLifecyclePolicy', name);
  await refused('GetRepositoryPolicy', name, 'RepositoryPolicyNotFoundException');
  await refused('SetRepositoryPolicy', { ...name, policyText: 'no' }, 'InvalidParameterException');
  await call('SetRepositoryPolicy', { ...name, policyText: '{"Version":"2012-10-17","Statement":[]}' });
  await call('GetRepositoryPolicy', name);
  await call('DeleteRepositoryPolicy', name);
  await call('TagResource', { resourceArn, tags: [{ Key: 'team', Value: 'a' }] });
  await call('ListTagsForResource', { resourceArn });
  await call('UntagResource', { resourceArn, tagKeys: ['team'] });
}
