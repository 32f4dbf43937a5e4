import { anchorOf, sidebar } from '../pages.ts';

/** VitePress refuses dead links unless `ignoreDeadLinks` is set. */
export default {
  title: 'Fairway',
  description: 'Continuous deployment for Amazon ECS: push an image, and it goes live.',
  base: process.env.SITE_BASE ?? '/',
  srcDir: 'pages',
  cleanUrls: true,
  markdown: { anchor: { slugify: anchorOf } },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    sidebar: sidebar(),
  },
};
