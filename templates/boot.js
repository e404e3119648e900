try{const s=JSON.parse(localStorage.getItem("archive-site")||"{}"),d=document.documentElement.dataset;for(const k of["theme","size","measure","names"])if(s[k])d[k]=s[k]}catch{}
